"""Who was, and who is, logged in; sessions ended, and what the server remembers of accounts forgotten."""

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from mailtui.errors import ConfigError, NotInMailbox, OutcomeUnknown
from mailtui.mailstore.calling import Line, Patience, Row, change, rows
from mailtui.mailstore.names import checked_user
from mailtui.mailstore.values import Ended, Session
from mailtui.texts import _

_PREFIX = "shared/last-login/"
# Two limits of the authentication process: it drops a call with more, and says yes all the same.
_MOST_NAMES, _MOST_BYTES = 25, 1000
_GONE_WITHIN_S = 3.0


def last_logins(line: Line, dictionary: str) -> dict[str, datetime]:
    """Tell when each account was last logged in to."""
    if not dictionary:
        raise ConfigError(
            _("It is not configured where the mail store notes log-ins"),
            hint=_("Set `last_login_dict` in [mailstore] to that of the server."),
        )
    found: dict[str, datetime] = {}
    for row in rows(line, "dictIter", {"dictUri": dictionary, "recurse": True, "prefix": _PREFIX}, Patience.ALL):
        # Servers may note names as they were typed, and one entry a service.
        name = str(row.get("key", "")).removeprefix(_PREFIX).split("/")[0].lower()
        when = _time(row.get("value"))
        if name and when and (name not in found or found[name] < when):
            found[name] = when
    return found


def _time(text: object) -> datetime | None:
    """Read a time since 1970, in seconds, or finer as `last_login_precision` says."""
    if not isinstance(text, str) or not (text.isascii() and text.isdigit()):
        return None
    seconds = float(text)
    while seconds > 1e11:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, UTC)


def sessions(line: Line, user: str) -> tuple[Session, ...]:
    """List the connections to one mailbox."""
    name = checked_user(user)
    listed = map(_session, rows(line, "who", {"separateConnections": True, "mask": [name]}))
    return tuple(session for session in listed if session.user == name.lower())


def _session(row: Row) -> Session:
    user, service, process_id, address = (str(row.get(key, "")) for key in ("username", "service", "pid", "ip"))
    return Session(user.lower(), service, process_id, address)


def end_sessions(line: Line, user: str) -> Ended:
    """End all connections to one mailbox, and wait a little for them to be gone."""
    name = checked_user(user)
    everybody = [_session(row) for row in rows(line, "who", {"separateConnections": True})]
    own = [session for session in everybody if session.user == name.lower()]
    if not own:
        return Ended(0)
    # Sessions that sleep (hibernated) share a process, and end together.
    processes = {session.process_id for session in own}
    others = sorted({s.user for s in everybody if s.process_id in processes} - {name.lower()})
    _kick(line, name, own)
    return Ended(len(own), _left(line, name, own), tuple(others))


def _kick(line: Line, name: str, own: list[Session]) -> None:
    try:
        change(line, "kick", {"mask": [name]}, None)
    except NotInMailbox:
        # They went by themselves meanwhile.
        return
    except OutcomeUnknown:
        if set(_left(line, name, own)) & set(own):
            raise


def _left(line: Line, user: str, ended: list[Session]) -> tuple[Session, ...]:
    deadline = time.monotonic() + _GONE_WITHIN_S
    while (left := sessions(line, user)) and set(left) & set(ended) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def forget_logins(line: Line, users: Iterable[str]) -> None:
    """Have the server forget what it remembers of these accounts; of none, if none is named."""
    for names in _parts([checked_user(user) for user in users]):
        # Nothing can be read back: what it remembers, it shows to nobody.
        change(line, "authCacheFlush", {"user": names}, None)


def _parts(names: list[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for name in names:
        if len(part) == _MOST_NAMES or sum(len(each.encode()) + 1 for each in [*part, name]) > _MOST_BYTES:
            yield part
            part = []
        part.append(name)
    if part:
        yield part
