"""Patterns by which log-ins are made of names.

{given}.{surname}    anna.berg
{g}{surname}         aberg; {s} is the surname's first letter
{surname}{g}         berga
{name}               as it is written: anna.berg, but zhou.wenxuan
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches

from mailtui.errors import UsageError
from mailtui.texts import _

FIELDS = ("given", "surname", "g", "s", "name")
"""What a pattern may hold in braces."""
_PIECE = re.compile(r"\{([^{}]*)\}|([a-z0-9._-]+)")
_SEPARATORS = re.compile(r"([._-])[._-]+")
LONGEST = 64
"""How many characters a local part may have (RFC 5321 section 4.5.3.1.1)."""


def parse_pattern(text: str) -> tuple[tuple[bool, str], ...]:
    """Give the pieces of a pattern: whether it is a field, and its name or the letters themselves.

    Raises:
        UsageError: It holds a field that is not known, none at all, or what no log-in may hold.
    """
    pieces = [(found[2] is None, found[1] if found[2] is None else found[2]) for found in _PIECE.finditer(text)]
    fields = [name for is_field, name in pieces if is_field]
    hint = _("Write for instance {words}.").format(words="{given}.{surname}, {g}{surname}, {surname}{g}")
    for name in fields:
        if name not in FIELDS:
            near = get_close_matches(name, FIELDS, 1)
            hint = _("Did you mean “{key}”?").format(key="{" + near[0] + "}") if near else hint
            raise UsageError(_("“{field}” is no part of a name").format(field="{" + name + "}"), hint=hint)
    if not fields or "".join("{" + name + "}" if is_field else name for is_field, name in pieces) != text:
        raise UsageError(_("“{pattern}” makes no log-in").format(pattern=text), hint=hint)
    return tuple(pieces)


def fill(pattern: str, parts: Mapping[str, str]) -> str:
    """Make a log-in of a name's parts (ASCII, by the names of fields); where a part is empty, so is what joins it.

    Raises:
        UsageError: The pattern cannot be taken.
    """
    filled = "".join(parts[name] if is_field else name for is_field, name in parse_pattern(pattern))
    return trimmed(_SEPARATORS.sub(r"\1", filled), LONGEST)


def trimmed(login: str, length: int) -> str:
    """Cut a log-in to a length; it neither begins nor ends with a sign."""
    return login.strip("._-")[:length].rstrip("._-")
