"""Org units by what people call them."""

from difflib import get_close_matches

from mailtui.cache.folding import fold
from mailtui.domain import dn
from mailtui.domain.account import Reference
from mailtui.errors import Refused
from mailtui.queries.mirror import Mirror
from mailtui.texts import _

_ALL = "SELECT id, name, dn FROM org_unit ORDER BY row"


def unit_named(mirror: Mirror, text: str) -> Reference:
    """Give the org unit of a name, of a path such as `Research/Labs`, or of a DN; case does not matter.

    Raises:
        Refused: There is none, or several are called so.
    """
    rows = mirror.ask(_ALL, {})
    found = [row for row in rows if "=" in text and dn.key(row["dn"]) == dn.key(text)]
    if not found:
        # A name may hold what parts the names of a path, or a DN.
        paths = ([fold(text)], [fold(part) for part in text.split("/") if part.strip()])
        found = [row for row in rows if any(path and _path(row["dn"])[-len(path) :] == path for path in paths)]
    if not found:
        near = get_close_matches(text, [row["name"] for row in rows], 3, 0.5)
        hint = _("Did you mean {names}?").format(names=", ".join(near)) if near else _("`1` shows the org tree.")
        raise Refused(_("There is no org unit “{name}”").format(name=text), hint=hint)
    if len(found) > 1:
        said = _("Several org units are called “{name}”").format(name=text)
        raise Refused(said, hint=_("Give its path or DN: {dns}").format(dns="; ".join(row["dn"] for row in found)))
    return Reference(found[0]["id"], found[0]["name"], found[0]["dn"])


def _path(unit_dn: str) -> list[str]:
    return [fold(value) for ((attribute, value), *_more) in reversed(dn.parse(unit_dn)) if attribute.lower() == "ou"]
