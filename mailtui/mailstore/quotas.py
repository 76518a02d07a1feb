"""How full mailboxes are: sizes in bytes, and a zero that is not one told as unknown."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from mailtui.errors import MailStoreBusy, MailStoreError
from mailtui.mailstore.calling import Answer, Command, Line, Patience, Row, rows
from mailtui.mailstore.names import checked_user
from mailtui.mailstore.port import INBOX
from mailtui.mailstore.values import Usage
from mailtui.texts import _

_KIB = 1024
_AT_ONCE = 100
# One account of many in one command costs a quarter of one that is asked alone.
_DEARER = 4

_Asked = Callable[[str], Command]


def usage(line: Line, user: str) -> Usage:
    """Tell how full one mailbox is."""
    name = checked_user(user)
    found = _usage(rows(line, "quotaGet", {"user": name}), datetime.now(UTC))
    if found.used_bytes != 0:
        return found
    try:
        return found if _holds_nothing(rows(line, "mailboxStatus", _inbox_of(name).parameters)) else _unread(found)
    except MailStoreBusy:
        return _unread(found)


def usage_of_all(line: Line) -> dict[str, Usage]:
    """Tell how full every mailbox is, by name; in one request as a rule."""
    try:
        listed = rows(line, "quotaGet", {"allUsers": True}, Patience.ALL)
    except MailStoreBusy:
        # One mailbox that cannot be looked at costs the answer of all.
        return _one_by_one(line)
    as_of = datetime.now(UTC)
    return _doubted(line, {name: _usage(own, as_of) for name, own in _by_user(listed).items()})


def _one_by_one(line: Line) -> dict[str, Usage]:
    users = [str(name) for row in rows(line, "user", {"userMask": ["*"]}, Patience.ALL) for name in row["userList"]]
    found = {
        name: _usage_or_not(answer)
        for name, answer in _asked(line, users, lambda name: Command("quotaGet", {"user": name}))
    }
    return _doubted(line, found)


def _usage_or_not(answer: Answer) -> Usage:
    if isinstance(answer, MailStoreError):
        return Usage(None, None, False, None, datetime.now(UTC), why_unknown=answer.message)
    return _usage(answer, datetime.now(UTC))


def _doubted(line: Line, found: dict[str, Usage]) -> dict[str, Usage]:
    """Give the same, with those that say zero and cannot be read as unknown: an unreadable mailbox counts as empty."""
    doubtful = [name for name, usage in found.items() if usage.used_bytes == 0]
    is_many = len(doubtful) * _DEARER > len(found) or (doubtful and not line.is_quick)
    empty = _empty_of_all(line) if is_many else None
    if empty is None:
        empty = _empty(line, doubtful)
    return found | {name: _unread(found[name]) for name in doubtful if name not in empty}


def _empty_of_all(line: Line) -> set[str] | None:
    """Name the mailboxes that are empty and can be read; None where one that cannot costs the answer of all."""
    try:
        listed = rows(line, "mailboxStatus", {"allUsers": True, **_INBOX}, Patience.ALL)
    except MailStoreBusy:
        return None
    return {name for name, own in _by_user(listed).items() if _holds_nothing(own)}


def _empty(line: Line, users: Sequence[str]) -> set[str]:
    answered = _asked(line, users, _inbox_of)
    return {name for name, answer in answered if not isinstance(answer, MailStoreError) and _holds_nothing(answer)}


def _asked(line: Line, users: Sequence[str], command: _Asked) -> Iterator[tuple[str, Answer]]:
    """Ask the same of many accounts, a hundred a request."""
    for start in range(0, len(users), _AT_ONCE):
        part = users[start : start + _AT_ONCE]
        answers = line.ask([command(checked_user(name)) for name in part], Patience.ALL)
        yield from zip((name.lower() for name in part), answers, strict=True)


_INBOX: Mapping[str, object] = {"field": ["messages"], "mailboxMask": [INBOX]}


def _inbox_of(user: str) -> Command:
    return Command("mailboxStatus", {"user": user, **_INBOX})


def _holds_nothing(listed: Sequence[Row]) -> bool:
    """Tell whether a mailbox could be read and is empty."""
    return any(_number(row.get("messages")) == 0 for row in listed)


def _by_user(listed: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in listed:
        found.setdefault(str(row.get("username", "")).lower(), []).append(row)
    return found


def _usage(listed: Sequence[Row], as_of: datetime) -> Usage:
    """Read the rows of one account: of several quotas, the one that the server names first."""
    roots = [row.get("root") for row in listed]
    own = {row.get("type"): row for row in listed if row.get("root") == roots[0]}
    storage, message = own.get("STORAGE", {}), own.get("MESSAGE", {})
    used, limit = _number(storage.get("value")), _number(storage.get("limit"))
    return Usage(
        used_bytes=None if used is None else used * _KIB,
        limit_bytes=None if limit is None else limit * _KIB,
        is_unlimited=storage.get("limit") == "-",
        messages=_number(message.get("value")),
        as_of=as_of,
        raw=_("{used} of {limit} KiB").format(used=storage.get("value", "?"), limit=storage.get("limit", "?")),
        why_unknown="" if used is not None else _("the server has no figure"),
    )


def _unread(found: Usage) -> Usage:
    return replace(found, used_bytes=None, messages=None, why_unknown=_("the mailbox cannot be read"))


def _number(text: object) -> int | None:
    """Read a figure; `error`, `-` and what is not there are none."""
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() else None
