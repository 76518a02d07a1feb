"""Who is connected: listed, thrown out, forgotten; and the store's dictionaries of who was, and who has a seat."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from mailtui.demo.mailstore.office import Office
from mailtui.demo.mailstore.parameters import NOT_FOUND, TEMPORARY, USAGE, Failed, Parameters
from mailtui.demo.mailstore.presence import Connection
from mailtui.demo.mailstore.settings import LAST_LOGINS, SHARED

_USER = "user="
_LOGINS, _SHARED = "shared/last-login/", "shared/shared-boxes/user/"

Rows = list[dict[str, str]]


class Unclosed(Rows):
    """Rows written as Dovecot writes those of plain `who`: the list ends after the first of them."""


def who(office: Office, given: Parameters) -> Rows | Unclosed:
    """List connections: one a row if they are to be separate, else one row for a user and service."""
    found = list(_fitting(office.presence.connections(), given))
    if given.flag("separateConnections"):
        return [{"username": c.user, "service": c.service, "pid": str(c.process_id), "ip": c.address} for c in found]
    together: dict[tuple[str, str], list[Connection]] = {}
    for each in found:
        together.setdefault((each.user, each.service), []).append(each)
    return Unclosed([_summed(user, service, each) for (user, service), each in together.items()])


def _summed(user: str, service: str, connections: list[Connection]) -> dict[str, str]:
    pids = " ".join(str(each.process_id) for each in connections)
    addresses = " ".join(dict.fromkeys(each.address for each in connections))
    count = str(len(connections))
    return {"username": user, "connections": count, "service": service, "pids": f"({pids})", "ips": f"({addresses})"}


def kick(office: Office, given: Parameters) -> Rows:
    """End connections."""
    if "mask" not in given:
        raise Failed(USAGE)
    users = dict.fromkeys(each.user for each in _fitting(office.presence.connections(), given))
    if not users:
        raise Failed(NOT_FOUND)
    for user in users:
        office.presence.end(user)
    return [{"result": user} for user in users]


def _fitting(connections: Iterable[Connection], given: Parameters) -> Iterator[Connection]:
    """Give those whose users the mask fits, of which there can be only one, or all where there is none."""
    masks = given.texts("mask") if "mask" in given else []
    if len(masks) > 1:
        raise Failed(USAGE)
    pattern = masks[0].lower().replace("[", "[[]") if masks else "*"
    return (each for each in connections if fnmatchcase(each.user, pattern))


def auth_cache_flush(office: Office, given: Parameters) -> Rows:
    """Forget who may log in: some, or everybody where nobody is named."""
    names = given.texts("user")
    owners = [office.owners.find(name) for name in names]
    forgotten = sum(office.presence.forget(owner) for owner in owners if owner)
    return [{"entries": str(forgotten if names else office.presence.forget(None))}]


def dict_iter(office: Office, given: Parameters) -> Rows:
    """List what a dictionary holds below a prefix."""
    if "dictUri" not in given or "prefix" not in given:
        raise Failed(USAGE)
    entries = {LAST_LOGINS: _last_logins, SHARED: _seats}.get(given.text("dictUri"))
    if entries is None:
        raise Failed(TEMPORARY)
    prefix = given.text("prefix")
    is_deep = given.flag("recurse")
    found = ((key, value) for key, value in entries(office) if key.startswith(prefix))
    return [{"key": key, "value": value} for key, value in found if is_deep or "/" not in key[len(prefix) :]]


def _last_logins(office: Office) -> Iterator[tuple[str, str]]:
    for owner in office.owners.all():
        if (moment := office.presence.last_login(owner)) is not None:
            yield f"{_LOGINS}{owner.name}", str(moment)


def _seats(office: Office) -> Iterator[tuple[str, str]]:
    """Walk those who may see any folder of another's mailbox."""
    for owner, box in office.shared():
        users = {identity for folder in box.folders.values() for identity in folder.rights if identity[:5] == _USER}
        yield from ((f"{_SHARED}{identity.removeprefix(_USER)}/{owner.name}", "1") for identity in sorted(users))
