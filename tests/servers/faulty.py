"""An embedded directory that is wrong about changes: what it answers and what it has done are two things."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import Enum, auto
from typing import ClassVar

from mailtui.demo import modifying, requests, writing
from mailtui.demo.address import DemoAddress
from mailtui.demo.controls import Asked
from mailtui.demo.entries import Sight
from mailtui.demo.requests import Message, Modification, Modify, Way, reading
from mailtui.demo.results import Code, Refusal, Result
from mailtui.demo.service import temporary
from mailtui.demo.session import Session

ELSEWHERE = "title"
MEDDLED = b"Meddled with"


class Fault(Enum):
    """How a modify goes wrong. Pre-Read and Post-Read tell the truth, but for `CLAIMED`."""

    DROPPED = auto()
    """Success is answered, nothing is written."""
    CLAIMED = auto()
    """Success is answered, nothing is written, and Post-Read shows the entry as it should be now."""
    HALF = auto()
    """Success is answered, and the first half of the steps is written (of a single step, half of its values)."""
    LATE = auto()
    """It is written at once and answered `late_s` later, as are the requests behind it."""
    TWICE = auto()
    """It is written once and answered twice."""
    ELSEWHERE = auto()
    """It is written, and `title` becomes "Meddled with" besides."""
    REFUSED = auto()
    """It is written, and the answer is 80 (other)."""


class FaultySession(Session):
    """A connection to a directory that is wrong about changes."""

    fault: ClassVar[Fault]
    late_s: ClassVar[float]
    over: ClassVar[threading.Event]
    _is_meant = False

    @staticmethod
    def means(dn: str) -> bool:
        """Tell whether a change of this entry goes wrong."""
        raise NotImplementedError

    def handle(self, request: Message) -> bool:
        """Carry one request out and answer it."""
        self._is_meant = False
        return super().handle(request)

    def modify(self, request: Message, asked: Asked) -> Result:
        """Change an entry, wrongly where it is meant."""
        asking = reading(requests.read_modify, request.body)
        self._is_meant = self.means(asking.dn)
        if not self._is_meant:
            return self._written(asking, asked)
        match self.fault:
            case Fault.DROPPED | Fault.CLAIMED:
                return self._dropped(asking, asked)
            case Fault.HALF:
                return self._written(replace(asking, steps=_half(asking.steps)), asked)
            case Fault.ELSEWHERE:
                meddling = Modification(Way.REPLACE, ELSEWHERE, (MEDDLED,))
                return self._written(replace(asking, steps=(*asking.steps, meddling)), asked)
            case Fault.REFUSED:
                self._written(asking, asked)
                raise Refusal(Code.OTHER, "internal error")
        return self._written(asking, asked)

    def send(self, data: bytes) -> None:
        """Send answers, to a modify that is meant late or twice."""
        if self._is_meant and self.fault is Fault.LATE:
            self.over.wait(self.late_s)
        super().send(data * 2 if self._is_meant and self.fault is Fault.TWICE else data)

    def _written(self, asking: Modify, asked: Asked) -> Result:
        return writing.modify(self.tree, self.identity, asking, asked)

    def _dropped(self, asking: Modify, asked: Asked) -> Result:
        """Check everything as if the change were made."""
        steps = modifying.checked_steps(self.tree.schema, asking.steps)
        with self.tree.lock:
            entry = writing.find(self.tree, writing.target(self.tree, asking.dn))
            before = Sight(entry, self.identity, self.tree.virtual)
            asked.check(before)
            attributes = modifying.modified(self.tree.schema, entry.attributes, steps)
        claimed = Sight(replace(entry, attributes=attributes), self.identity, self.tree.virtual)
        return Result(controls=asked.entries(before, claimed if self.fault is Fault.CLAIMED else before))


def _half(steps: tuple[Modification, ...]) -> tuple[Modification, ...]:
    if len(steps) > 1:
        return steps[: len(steps) // 2]
    values = [step.values[: len(step.values) // 2] for step in steps]
    # A deletion or a replacement without values would take the whole attribute away.
    return tuple(replace(step, values=some) for step, some in zip(steps, values, strict=True) if some)


@contextmanager
def faulty(
    fault: Fault,
    at: Callable[[str], bool] | None = None,
    *,
    people: int = 0,
    seed: int = 1,
    late_s: float = 1,
) -> Iterator[DemoAddress]:
    """Run an embedded directory that is wrong about changes of those entries whose DN, as it is sent, `at` is true of.

    Without `at` it is wrong about each. Only modifies are concerned: entries can be added and deleted as usual. Without
    people it holds the base entry, `ou=people` and `ou=groups`.
    """
    over = threading.Event()
    wanted = (fault, late_s, over)

    class Faulty(FaultySession):
        fault, late_s, over = wanted

        @staticmethod
        def means(dn: str) -> bool:
            return at is None or at(dn)

    with temporary(people, seed, session=Faulty) as address:
        try:
            yield address
        finally:
            over.set()
