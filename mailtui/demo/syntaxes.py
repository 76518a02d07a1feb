"""Which values a syntax allows (RFC 4517 section 3.3), and strings made ready to be compared (RFC 4518)."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_STANDARD = "1.3.6.1.4.1.1466.115.121.1."
DN, OID, INTEGER = _STANDARD + "12", _STANDARD + "38", _STANDARD + "27"
NAME_AND_UID = _STANDARD + "34"
STRINGS = frozenset(_STANDARD + number for number in ("11", "15", "26", "36", "41", "44", "50"))

_INTEGER = re.compile(rb"0|-?[1-9][0-9]*")
_PRINTABLE = re.compile(rb"[A-Za-z0-9'()+,\-./:? =]+")
_UUID = re.compile(rb"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_CSN = re.compile(rb"\d{14}(?:\.\d{6})?Z#[0-9a-f]{6}#[0-9a-f]{2,3}#[0-9a-f]{6}")
_TIME = re.compile(
    r"(\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3]))([0-5]\d)?([0-5]\d|60)?"
    r"(?:[.,](\d+))?(Z|[+-](?:[01]\d|2[0-3])(?:[0-5]\d)?)"
)


def is_valid(syntax: str, value: bytes) -> bool:
    """Tell whether a value obeys a syntax; syntaxes that nothing here depends on allow everything."""
    check = _CHECKS.get(syntax)
    return check is None or check(value)


def _is_text(value: bytes) -> bool:
    try:
        return bool(value.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _is_time(value: bytes) -> bool:
    return _TIME.fullmatch(value.decode("ascii", "replace")) is not None


_CHECKS: dict[str, Callable[[bytes], bool]] = {
    _STANDARD + "7": lambda value: value in {b"TRUE", b"FALSE"},
    _STANDARD + "11": lambda value: len(value) == 2 and _PRINTABLE.fullmatch(value) is not None,
    _STANDARD + "15": _is_text,
    _STANDARD + "24": _is_time,
    _STANDARD + "26": bytes.isascii,
    INTEGER: lambda value: _INTEGER.fullmatch(value) is not None,
    _STANDARD + "36": lambda value: bool(value) and not value.strip(b"0123456789 "),
    _STANDARD + "41": _is_text,
    _STANDARD + "44": lambda value: _PRINTABLE.fullmatch(value) is not None,
    _STANDARD + "50": lambda value: _PRINTABLE.fullmatch(value) is not None,
    "1.3.6.1.1.16.1": lambda value: _UUID.fullmatch(value) is not None,
    "1.3.6.1.4.1.4203.666.11.2.1": lambda value: _CSN.fullmatch(value) is not None,
}


def single_spaced(text: str) -> str:
    """Make runs of blanks one blank, and take away those at both ends (RFC 4518 section 2.6.1)."""
    return " ".join(text.split(" ")) if "  " not in text and text[:1] != " " and text[-1:] != " " else _squeezed(text)


def _squeezed(text: str) -> str:
    return " ".join(word for word in text.split(" ") if word)


@lru_cache(maxsize=65536)
def caseless(value: bytes) -> bytes:
    """Make a string ready to be compared whatever its case."""
    text = value.decode("utf-8", "surrogateescape")
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return single_spaced(text.lower()).encode("utf-8", "surrogateescape")


def exact(value: bytes) -> bytes:
    """Make a string ready to be compared letter for letter."""
    text = value.decode("utf-8", "surrogateescape")
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return single_spaced(text).encode("utf-8", "surrogateescape")


def utc(value: bytes) -> bytes:
    """Make a Generalized Time ready to be compared as bytes: UTC, to the second, and what is beyond it.

    Raises:
        ValueError: It is none.
    """
    match = _TIME.fullmatch(value.decode("ascii", "replace"))
    if not match:
        raise ValueError(value)
    hour, minute, second, fraction, zone = match.groups()
    text = hour + (minute or "00") + (second or "00")
    if zone != "Z":
        text = _shifted(text, zone)
    fraction = (fraction or "").rstrip("0")
    return f"{text}.{fraction}".encode()


def _shifted(text: str, zone: str) -> str:
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:] or 0))
    moment = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    moment += offset if zone[0] == "-" else -offset
    return moment.strftime("%Y%m%d%H%M%S").rjust(14, "0")
