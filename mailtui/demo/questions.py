"""Filters read from the line (RFC 4511 section 4.5.1.7), and asked for the meaning that the schema gives them."""

from mailtui.demo import filters
from mailtui.demo.filters import Every, Filter, Not, Some
from mailtui.demo.requests import elements, text
from mailtui.demo.results import Malformed
from mailtui.demo.schema import ServerSchema

_DEEPEST = 100
_AND, _OR, _NOT, _EQUAL, _PIECES, _AT_LEAST, _AT_MOST = range(0xA0, 0xA7)
_PRESENT, _APPROXIMATE, _EXTENSIBLE = 0x87, 0xA8, 0xA9


def read_filter(schema: ServerSchema, element: bytes) -> Filter:
    """Read a filter, a whole element.

    Raises:
        Malformed: It is none, or nested beyond reason.
    """
    try:
        ((tag, content),) = elements(element)
        return _read(schema, tag, content, 0)
    except (ValueError, KeyError) as error:
        raise Malformed("error decoding filter") from error


def _read(schema: ServerSchema, tag: int, content: bytes, depth: int) -> Filter:
    if depth > _DEEPEST:
        raise Malformed("filter nested too deeply")
    if tag in {_AND, _OR, _NOT}:
        parts = tuple(_read(schema, *part, depth + 1) for part in elements(content))
        if tag == _NOT:
            (part,) = parts
            return Not(part)
        return Every(parts) if tag == _AND else Some(parts)
    if tag == _PRESENT:
        return filters.present(schema, text(content))
    if tag == _PIECES:
        return _pieces(schema, content)
    if tag == _EXTENSIBLE:
        return _extensible(schema, content)
    return _assertion(schema, tag, content)


def _assertion(schema: ServerSchema, tag: int, content: bytes) -> Filter:
    (_d, description), (_v, value) = elements(content)
    name = text(description)
    if tag == _EQUAL:
        return filters.equality(schema, name, value)
    if tag == _APPROXIMATE:
        return filters.approximate(schema, name, value)
    if tag in {_AT_LEAST, _AT_MOST}:
        return filters.ordering(schema, name, value, at_least=tag == _AT_LEAST)
    raise Malformed("error decoding filter")


def _pieces(schema: ServerSchema, content: bytes) -> Filter:
    (_d, description), (_p, pieces) = elements(content)
    initial, final = b"", b""
    between: list[bytes] = []
    for tag, piece in elements(pieces):
        if tag == 0x80:
            initial = piece
        elif tag == 0x81:
            between.append(piece)
        else:
            final = piece
    return filters.substrings(schema, text(description), initial, between, final)


def _extensible(schema: ServerSchema, content: bytes) -> Filter:
    fields = dict(elements(content))
    return filters.extensible(
        schema,
        text(fields.get(0x81, b"")),
        text(fields.get(0x82, b"")),
        fields[0x83],
        in_dn=fields.get(0x84, b"\0") != b"\0",
    )
