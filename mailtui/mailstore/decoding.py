"""Answers of doveadm's HTTP API, read item by item: what Dovecot 2.3 writes is not always JSON."""

import json
from collections.abc import Sequence
from typing import Any

from mailtui.errors import MailStoreError
from mailtui.mailstore import failures
from mailtui.mailstore.calling import Answer, Command, Row
from mailtui.texts import _

_GAPS = " \t\r\n,"


def answers(body: bytes, commands: Sequence[Command]) -> list[Answer]:
    """Give the answer to each command; the tags are their places.

    Raises:
        MailStoreError: The body is no answer, or one to other commands.
    """
    by_tag = {item[-1]: item for item in _items(body) if isinstance(item, list) and len(item) > 1}
    found = [by_tag.get(str(place)) for place in range(len(commands))]
    return [_answer(item, command) for item, command in zip(found, commands, strict=True)]


def _items(body: bytes) -> list[Any]:
    """Give the items of an array from which commas may be missing: those before an error that is not the first."""
    text = body.decode("utf-8", "replace").strip()
    decoder, place = json.JSONDecoder(), 1
    items: list[Any] = []
    if not text.startswith("["):
        raise _nonsense(text)
    try:
        while True:
            while text[place] in _GAPS:
                place += 1
            if text[place] == "]":
                return items
            item, place = decoder.raw_decode(text, place)
            items.append(item)
    except (json.JSONDecodeError, IndexError) as error:
        raise _nonsense(text) from error


def _answer(item: list[Any] | None, command: Command) -> Answer:
    if item is None:
        return MailStoreError(
            _("The mail store left {command} without an answer").format(command=command.name),
            hint=_("Its log tells more (doveadm log errors)."),
        )
    if item[0] == "error" and isinstance(item[1], dict):
        return _failure(item[1], command)
    if item[0] != "doveadmResponse":
        return failures.not_understood(command.name, str(item[0]))
    return _rows(item[1:-1])


def _rows(parts: Sequence[Any]) -> tuple[Row, ...]:
    """Give the rows: a list, one object, or (`who` in short form) a list that was closed after its first row."""
    found = [row for part in parts for row in (part if isinstance(part, list) else [part])]
    return tuple(row for row in found if isinstance(row, dict))


def _failure(told: Row, command: Command) -> MailStoreError:
    kind, status = told.get("type"), told.get("exitCode")
    if kind == "unAuthorized":
        return failures.forbidden(command.name)
    if kind == "exitCode" and isinstance(status, int):
        return failures.of_status(status, command.name)
    return failures.not_understood(command.name, str(kind))


def _nonsense(text: str) -> MailStoreError:
    return failures.not_understood(_("our request"), text[:80] or _("it answered nothing"))
