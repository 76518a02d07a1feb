"""Distinguished names: taken apart, put together and compared (RFC 4514; ldap3's own functions get these wrong)."""

import re
from collections.abc import Collection
from functools import lru_cache

_HEX = re.compile(r"\\([0-9a-fA-F]{2})")
_SPECIAL = frozenset('",+;<>\\=')
UNIT_NAMES = frozenset({"ou", "organizationalunitname", "2.5.4.11"})
"""What org units are named by, however that is spelled, in lower case."""

Pair = tuple[str, str]
Rdn = tuple[Pair, ...]


def escape(value: str) -> str:
    """Write an attribute value so that it can stand in a DN (RFC 4514 section 2.4)."""
    escaped = "".join("\\" + c if c in _SPECIAL else "\\00" if c == "\0" else c for c in value)
    if escaped.startswith((" ", "#")):
        escaped = "\\" + escaped
    if escaped.endswith(" ") and len(value) > 1:
        escaped = escaped[:-1] + "\\ "
    return escaped


def join(attribute: str, value: str, parent: str) -> str:
    """Give the DN of an entry below `parent` (which may be empty) with one naming value."""
    return f"{attribute}={escape(value)}" + (f",{parent}" if parent else "")


@lru_cache(maxsize=4096)
def parse(dn: str) -> tuple[Rdn, ...]:
    """Take a DN apart: its RDNs, leftmost first, each as (attribute, value) pairs with escapes undone.

    Raises:
        ValueError: The text is no DN.
    """
    return tuple(_parse_rdn(part) for part in _split(dn, ",;")) if dn.strip() else ()


def _split(text: str, separators: str) -> list[str]:
    parts, start, quoted, position = [], 0, False, 0
    while position < len(text):
        character = text[position]
        if character == "\\":
            position += 1
        elif character == '"':
            quoted = not quoted
        elif character in separators and not quoted:
            parts.append(text[start:position])
            start = position + 1
        position += 1
    return [*parts, text[start:]]


def _parse_rdn(text: str) -> Rdn:
    pairs = []
    for part in _split(text, "+"):
        attribute, equals, value = part.partition("=")
        if not equals or not attribute.strip():
            raise ValueError(f"no attribute and value in “{part}”")
        pairs.append((attribute.strip(), _unescape(value)))
    return tuple(pairs)


def _unescape(value: str) -> str:
    value = value.lstrip(" ")
    stripped = value.rstrip(" ")
    # An escaped blank at the end belongs to the value: count the backslashes before it.
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    value = stripped + " " if backslashes % 2 and len(value) > len(stripped) else stripped
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    if value.startswith("#") and re.fullmatch(r"#(?:[0-9a-fA-F]{2})+", value):
        return value
    out, position, raw = [], 0, value
    while position < len(raw):
        match = _HEX.match(raw, position)
        if match:
            octets = bytearray()
            while match:
                octets.append(int(match[1], 16))
                position = match.end()
                match = _HEX.match(raw, position)
            out.append(octets.decode("utf-8", "surrogateescape"))
        elif raw[position] == "\\" and position + 1 < len(raw):
            out.append(raw[position + 1])
            position += 2
        else:
            out.append(raw[position])
            position += 1
    return "".join(out)


@lru_cache(maxsize=65536)
def key(dn: str) -> str:
    """Give the form under which two spellings of one DN are equal; a text that is no DN is its own key."""
    try:
        return ",".join(_rdn_key(rdn) for rdn in parse(dn))
    except ValueError:
        return dn.casefold()


def _rdn_key(rdn: Rdn) -> str:
    return "+".join(sorted(f"{a.casefold()}={escape(' '.join(v.casefold().split()))}" for a, v in rdn))


def parent(dn: str) -> str:
    """Give the DN of the entry above, as spelled; empty for a DN of one RDN."""
    parts = _split(dn, ",;")
    return ",".join(parts[1:]).strip()


def rdn(dn: str) -> str:
    """Give the leftmost RDN of a DN, as spelled."""
    return _split(dn, ",;")[0].lstrip()


def moved(dn: str, old: str, new: str) -> str:
    """Give the DN, as spelled, that an entry at `old` or below it has once `old` is at `new`."""
    parts = _split(dn, ",;")
    return ",".join([*parts[: len(parts) - len(_split(old, ",;"))], new])


def renamed(dn: str, attributes: Collection[str], value: str) -> tuple[str, str]:
    """Give the value that an entry is named by, and the DN in which another one stands in its place.

    Both are empty where its RDN has none of the attributes (lower case).
    """
    parts = _split(rdn(dn), "+")
    for place, (attribute, old) in enumerate(parse(dn)[0]):
        if attribute.casefold() in attributes:
            parts[place] = join(attribute, value, "")
            return old, ",".join(filter(None, ("+".join(parts), parent(dn))))
    return "", ""


def is_below(dn: str, base: str) -> bool:
    """Tell whether an entry is `base` itself or below it."""
    return is_below_key(key(dn), key(base))


def is_below_key(dn_key: str, base_key: str) -> bool:
    """Tell the same of two keys."""
    return not base_key or dn_key == base_key or dn_key.endswith("," + base_key)


def units(dn: str, base: str) -> tuple[str, ...]:
    """Name the organizational units between the base and an entry, from the base down."""
    above = parse(dn)[1:]
    within = above[: max(0, len(above) - len(parse(base)))]
    return tuple(v for rdn in reversed(within) for a, v in rdn if a.casefold() in UNIT_NAMES)
