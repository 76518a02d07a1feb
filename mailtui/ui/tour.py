"""The tour of the sample company: what to do next, and whether that was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mailtui.domain.batch import RowState
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.batch import Batch

CALLER = "chen.jing"
"""The log-in of the one who calls; every sample company has her, and her mailbox is full."""
_LEAVERS = 3


@dataclass(frozen=True, slots=True)
class Looked:
    """An account came to hand while something was searched for, or was explained."""

    login: str
    is_explained: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: `text` says how, with keys in braces by their ids; `is_done` tells it from news."""

    title: str
    text: str
    is_done: Callable[[Looked | Batch], bool]


def _is_looked_at(news: Looked | Batch) -> bool:
    return isinstance(news, Looked) and news.login == CALLER


def _is_explained(news: Looked | Batch) -> bool:
    return isinstance(news, Looked) and news.login == CALLER and news.is_explained


def _is_batch(*tasks: str, rows: int = 1) -> Callable[[Looked | Batch], bool]:
    """Give what tells that a task was done, and the directory has it, with at least so many rows."""

    def is_done(news: Looked | Batch) -> bool:
        return not isinstance(news, Looked) and news.task in tasks and news.counts.get(RowState.VERIFIED, 0) >= rows

    return is_done


STEPS = (
    Step(
        _("Look a quota up"),
        _(
            "陈静 calls: is her mailbox full? Press {find.search}, type “chen jing”, and Enter."
            " {pane.detail} shows limit and use."
        ),
        _is_looked_at,
    ),
    Step(
        _("Say why"),
        _("Why does she get no mail? Press {show.why}. The worst cause stands first; Enter opens what mends it."),
        _is_explained,
    ),
    Step(
        _("Hire somebody"),
        _(
            "Press {task.create}: a person, given name Wenxuan, surname Zhou, department Sales, title Sales Director."
            " Log-in, address and room are proposed. Enter shows what is done, y does it."
        ),
        _is_batch("create"),
    ),
    Step(
        _("Give a seat"),
        _(
            "Whoever is at the cursor shall work marketing@: press {task.grant-seat}, type “marketing”, Tab takes what"
            " is offered. Enter, and y."
        ),
        _is_batch("grant-seat"),
    ),
    Step(
        _("Switch leavers off"),
        _(
            "Esc clears the search. Mark three people with {mark.toggle}, then press {task.disable}. Look at what it"
            " breaks; their number, typed, confirms."
        ),
        _is_batch("disable", "leaver", rows=_LEAVERS),
    ),
    Step(
        _("Take it back"),
        _("It was the wrong list. Press {undo.last}: each account gets its own prior values back."),
        _is_batch("undo", rows=_LEAVERS),
    ),
)  # fmt: skip


class Tour:
    """How far somebody is on the tour."""

    def __init__(self, steps: Sequence[Step] = STEPS) -> None:
        self._steps = steps
        self._place, self._since = 0, datetime.now(UTC)
        self.is_on = False
        """Whether it is being taken."""

    @property
    def step(self) -> Step | None:
        """What is to be done next; None where all is done."""
        return self._steps[self._place] if self._place < len(self._steps) else None

    @property
    def progress(self) -> tuple[int, int]:
        """The number of the step, and how many there are."""
        return min(self._place + 1, len(self._steps)), len(self._steps)

    def turn(self) -> None:
        """Begin it, or go on with it; or put it away. One that is done begins anew."""
        self.is_on = not self.is_on
        if self.is_on and self.step is None:
            self._place = 0
        self._since = datetime.now(UTC)

    def take(self, news: Looked | Batch) -> bool:
        """Take news of what was done; tells whether that was the step. What was begun before it does not count."""
        step = self.step
        is_old = not isinstance(news, Looked) and news.started < self._since
        if not self.is_on or step is None or is_old or not step.is_done(news):
            return False
        self._place, self._since = self._place + 1, datetime.now(UTC)
        return True
