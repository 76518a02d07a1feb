"""Where the next delta goes on, kept with the mirror as text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from mailtui.directory.port import Rung
from mailtui.domain.mirror import MirroredKind


@dataclass(frozen=True, slots=True)
class SyncCursor:
    """How far each search has come, by which means, and what was asked (`Scheme.fingerprint`).

    `rung` is None where the directory offers no means to tell what has changed.
    """

    rung: Rung | None
    asked: str
    reached: Mapping[MirroredKind, str]

    @property
    def name(self) -> str:
        """The means, as users and programs see it; without one, entries are at best dated."""
        return (self.rung or Rung.TIMESTAMP).value

    def goes_on(self, asked: str) -> bool:
        """Tell whether a delta can go on from here, to what is asked now."""
        return self.rung is not None and self.asked == asked and all(map(self.reached.get, MirroredKind))

    def text(self) -> str:
        """Write it down."""
        return json.dumps({"rung": self.rung, "asked": self.asked, "reached": dict(self.reached)})


def parse(text: str) -> SyncCursor | None:
    """Read a cursor; None where there is none that makes sense."""
    try:
        held = json.loads(text)
        rung = Rung(held["rung"]) if held["rung"] else None
        reached = {MirroredKind(kind): str(where) for kind, where in held["reached"].items()}
        return SyncCursor(rung, str(held["asked"]), reached)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
