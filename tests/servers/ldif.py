"""Entries written as LDIF (RFC 2849), for slapadd."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

Record = tuple[str, Mapping[str, Sequence[str | bytes]]]

_SAFE = re.compile(rb"[\x01-\x09\x0b\x0c\x0e-\x1f\x21-\x39\x3b\x3d-\x7f][\x01-\x09\x0b\x0c\x0e-\x7f]*")


def entries(records: Iterable[Record]) -> Iterator[str]:
    """Write entries, each a DN and its attributes, in the order given."""
    return (_entry(dn, attributes) for dn, attributes in records)


def _entry(dn: str, attributes: Mapping[str, Sequence[str | bytes]]) -> str:
    lines = [_line("dn", dn)]
    lines += [_line(name, value) for name, values in attributes.items() for value in values]
    return "".join(lines)


def _line(name: str, value: str | bytes) -> str:
    raw = value.encode() if isinstance(value, str) else value
    if raw and _SAFE.fullmatch(raw) and not raw.endswith(b" "):
        return f"{name}: {raw.decode('ascii')}\n"
    return f"{name}:: {base64.b64encode(raw).decode('ascii')}\n"
