"""LDAPMessages cut out of the bytes that come over a line."""

from collections.abc import Callable, Iterator

from mailtui.demo.results import Malformed
from mailtui.directory import ber

_LARGEST = 16 * 1024 * 1024


def messages(receive: Callable[[], bytes]) -> Iterator[bytes]:
    """Walk the contents of messages; `receive` gives more bytes, none at the end of the line.

    Raises:
        Malformed: What comes is no message, or a larger one than anybody needs.
    """
    buffer = bytearray()
    while True:
        while (whole := _first(buffer)) is not None:
            start, end = whole
            yield bytes(buffer[start:end])
            del buffer[:end]
        received = receive()
        if not received:
            return
        buffer += received


def _first(buffer: bytearray) -> tuple[int, int] | None:
    """Give where the content of the first message begins and ends; None while it is not there in full."""
    if buffer and buffer[0] != ber.SEQUENCE:
        raise Malformed("decoding error")
    try:
        _tag, start, end = ber.header(buffer, 0)
    except IndexError:
        return None
    except ValueError as error:
        raise Malformed("decoding error") from error
    if end > _LARGEST:
        raise Malformed("message too large")
    return (start, end) if end <= len(buffer) else None
