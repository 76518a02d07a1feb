"""What the mirror knows of answers while they are typed: what they may come to, and whether there is such a thing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

from mailtui.domain.plan import Answer
from mailtui.errors import MailtuiError, Refused
from mailtui.plans.newcomer_questions import seats_of
from mailtui.plans.tasks import CLEAR, AnswerKind, Question
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.queries.completions import Completion
    from mailtui.queries.mirror import Mirror

OFFERED = 5
"""How many completions are offered."""
_COMPLETED = frozenset({AnswerKind.UNIT, AnswerKind.GROUP, AnswerKind.MAILBOX, AnswerKind.ACCOUNT, AnswerKind.ACCOUNTS})


def is_completed(question: Question) -> bool:
    """Tell whether the mirror can complete the answers to a question."""
    return question.kind in _COMPLETED or question.is_recipient


def standing(question: Question, text: str) -> str:
    """Give what of an answer stands before the name that is being typed: of several accounts those before the last."""
    before, comma, _last = text.rpartition(",")
    return f"{before}{comma} " if comma and question.kind is AnswerKind.ACCOUNTS else ""


class Completing:
    """Asks the mirror, in a thread."""

    def __init__(self, open_mirror: Callable[[], Mirror]) -> None:
        self._open = open_mirror

    async def offers(self, question: Question, text: str) -> tuple[Completion, ...]:
        """Give what a text may come to; nothing where it is that already."""
        text = text[len(standing(question, text).rstrip()) :].strip()
        if not is_completed(question) or text in {"", CLEAR}:
            return ()
        found = await asyncio.to_thread(self._offers, question.kind, text)
        return () if any(one.value == text for one in found) else found

    def _offers(self, kind: AnswerKind, text: str) -> tuple[Completion, ...]:
        from mailtui.queries import completions

        sources = {
            AnswerKind.UNIT: completions.units,
            AnswerKind.GROUP: completions.groups,
            AnswerKind.MAILBOX: completions.mailboxes,
            AnswerKind.ACCOUNT: completions.accounts,
            AnswerKind.ACCOUNTS: completions.accounts,
            AnswerKind.ADDRESS: completions.recipients,
        }
        try:
            with closing(self._open()) as mirror:
                return tuple(sources[kind](mirror, text, OFFERED))
        except MailtuiError:
            # Without a mirror nothing is offered; what is typed counts all the same.
            return ()

    async def problem(self, question: Question, answer: Answer) -> str:
        """Say why an answer names nothing that there is; empty where it does, or need not."""
        if question.kind not in _COMPLETED or answer in {None, "", CLEAR}:
            # Mail may go outside: what is not known is not wrong.
            return ""
        try:
            names = seats_of(str(answer)) if question.kind is AnswerKind.ACCOUNTS else (str(answer),)
            for name in names:
                await asyncio.to_thread(self._check, question.kind, name)
        except Refused as refused:
            return " ".join(filter(None, (f"{refused.message}.", refused.hint)))
        return ""

    def _check(self, kind: AnswerKind, text: str) -> None:
        from mailtui.queries.groups import group_named, seats_named
        from mailtui.queries.units import place_named

        with closing(self._open()) as mirror:
            if kind is AnswerKind.UNIT:
                place_named(mirror, text)
            elif kind is AnswerKind.GROUP:
                group_named(mirror, text)
            elif kind is AnswerKind.MAILBOX:
                seats_named(mirror, text)
            elif not mirror.exact(text):
                raise Refused(_("There is no account “{key}”").format(key=text))
