"""Where the next delta goes on, kept with the mirror as text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mailtui.directory.port import Rung
from mailtui.domain.entries import EntryKind


@dataclass(frozen=True, slots=True)
class SyncCursor:
    """How far each search has come, by which means, and what was asked (`Scheme.fingerprint`).

    `rung` is None where the directory offers no means to tell what has changed. `listed_at` is when all entries were
    last listed or read.
    """

    rung: Rung | None
    asked: str
    reached: Mapping[EntryKind, str]
    listed_at: datetime

    @property
    def name(self) -> str:
        """The means, as users and programs see it; without one, entries are at best dated."""
        return (self.rung or Rung.TIMESTAMP).value

    def goes_on(self, asked: str) -> bool:
        """Tell whether a delta can go on from here, to what is asked now."""
        return self.rung is not None and self.asked == asked and all(map(self.reached.get, EntryKind))

    def gone_on(self, reached: Mapping[EntryKind, str], listed_at: datetime | None) -> "SyncCursor":
        """Give the cursor after a delta, which listed all entries or (None) did not."""
        return replace(self, reached=reached, listed_at=listed_at or self.listed_at)

    def text(self) -> str:
        """Write it down."""
        listed_at = self.listed_at.isoformat()
        return json.dumps(
            {"rung": self.rung, "asked": self.asked, "reached": dict(self.reached), "listed_at": listed_at}
        )


def parse(text: str) -> SyncCursor | None:
    """Read a cursor; None where there is none that makes sense."""
    try:
        held = json.loads(text)
        rung = Rung(held["rung"]) if held["rung"] else None
        reached = {EntryKind(kind): str(where) for kind, where in held["reached"].items()}
        listed_at = datetime.fromisoformat(held["listed_at"]).astimezone(UTC)
        return SyncCursor(rung, str(held["asked"]), reached, listed_at)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
