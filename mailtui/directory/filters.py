"""Search filters made from values (RFC 4515): as text for a search, as BER for the Assertion control."""

from collections.abc import Iterable

from mailtui.directory import ber
from mailtui.directory.port import Modification

_AND, _OR, _NOT, _EQUALITY, _PRESENT = 0xA0, 0xA1, 0xA2, 0xA3, 0x87
_SAFE = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.@ ")


def escape(value: bytes) -> str:
    """Write an assertion value so that no byte of it can be taken for syntax."""
    return "".join(chr(octet) if octet in _SAFE else f"\\{octet:02x}" for octet in value)


def equals(attribute: str, value: bytes | str) -> str:
    """Match entries that have a value."""
    raw = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
    return "(" + attribute + "=" + escape(raw) + ")"


def at_least(attribute: str, value: str) -> str:
    """Match entries that have this value or a greater one, by the attribute's own ordering rule."""
    return "(" + attribute + ">=" + escape(value.encode()) + ")"


def all_of(filters: Iterable[str]) -> str:
    """Match entries that match every filter."""
    return "(&" + "".join(filters) + ")"


def any_of(filters: Iterable[str]) -> str:
    """Match entries that match at least one filter."""
    return "(|" + "".join(filters) + ")"


def expectation(wanted: Modification, id_attribute: str) -> bytes:
    """Give the filter, in BER, that holds while an entry is as a modification expects it; absent ones must be absent.

    With an id, only of the entry that has it. Without anything to expect, nothing.
    """
    parts = [_equality(id_attribute, wanted.entry_id.encode())] if wanted.entry_id else []
    parts += [_equality(one.attribute, value) for one in wanted.having for value in one.values]
    parts += [ber.encode(_NOT, _equality(one.attribute, value)) for one in wanted.lacking for value in one.values]
    for expected in wanted.expecting:
        if expected.values:
            parts += [_equality(expected.attribute, value) for value in expected.values]
        else:
            parts.append(ber.encode(_NOT, ber.octets(expected.attribute, _PRESENT)))
    return parts[0] if len(parts) == 1 else ber.encode(_AND, *parts) if parts else b""


def any_value(attribute: str, values: Iterable[str]) -> bytes:
    """Give the filter, in BER, that matches entries with any of these values."""
    return ber.encode(_OR, *(_equality(attribute, value.encode("utf-8", "surrogateescape")) for value in values))


def _equality(attribute: str, value: bytes) -> bytes:
    return ber.encode(_EQUALITY, ber.octets(attribute), ber.octets(value))
