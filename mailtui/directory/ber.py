"""The few pieces of BER (X.690) that LDAP uses (RFC 4511 section 5.1): writing, and walking received bytes by index."""

from collections.abc import Iterator

SEQUENCE, SET, INTEGER, BOOLEAN, OCTETS, ENUMERATED = 0x30, 0x31, 0x02, 0x01, 0x04, 0x0A


def encode(tag: int, *contents: bytes) -> bytes:
    """Write one element."""
    body = b"".join(contents)
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + body


def integer(value: int, tag: int = INTEGER) -> bytes:
    """Write an INTEGER, or an ENUMERATED by its tag."""
    return encode(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def octets(value: bytes | str, tag: int = OCTETS) -> bytes:
    """Write an OCTET STRING; text goes out as UTF-8, with surrogates as the bytes they stand for."""
    return encode(tag, value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value)


def boolean(value: bool, tag: int = BOOLEAN) -> bytes:
    """Write a BOOLEAN."""
    return encode(tag, b"\xff" if value else b"\0")


def header(data: bytes | bytearray | memoryview, start: int) -> tuple[int, int, int]:
    """Read the header of the element at `start`: its tag, and where its content begins and ends.

    Raises:
        IndexError: The header is not there in full.
        ValueError: The length is indefinite, which LDAP forbids (RFC 4511 section 5.1).
    """
    tag, size, start = data[start], data[start + 1], start + 2
    if size < 0x80:
        return tag, start, start + size
    count = size & 0x7F
    if not count:
        raise ValueError("indefinite length")
    if start + count > len(data):
        raise IndexError(start + count)
    return tag, start + count, start + count + int.from_bytes(data[start : start + count], "big")


def children(data: bytes | bytearray | memoryview, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Walk the elements between two positions: the tag of each, and where its content begins and ends.

    Raises:
        ValueError: An element reaches beyond `end`.
    """
    while start < end:
        tag, begin, start = header(data, start)
        if start > end:
            raise ValueError("element reaches beyond its parent")
        yield tag, begin, start


def read_integer(data: bytes | bytearray | memoryview, start: int, end: int) -> int:
    """Read the content of an INTEGER or ENUMERATED."""
    return int.from_bytes(data[start:end], "big", signed=True)
