"""How values of attributes are compared, and how they are written: rules (RFC 4517 section 4) and codecs."""

import re
from datetime import UTC, datetime
from enum import StrEnum

from mailtui.domain import dn
from mailtui.domain.address import address_key


class Rule(StrEnum):
    """A way to compare the values of an attribute."""

    EXACT = "exact"
    CASELESS = "caseless"
    ADDRESS = "address"
    DN = "dn"
    INTEGER = "integer"
    TIME = "time"
    PHONE = "phone"


_ZULU = ord("Z")
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)?(\d\d)?(?:[.,]\d+)?(Z|[+-]\d\d(?:\d\d)?)")


def value_key(rule: Rule, value: bytes) -> bytes:
    """Give the form under which two values of an attribute are equal; one that breaks its rule is its own."""
    if rule is Rule.EXACT:
        return value
    text = decode_text(value)
    if rule is Rule.INTEGER:
        number = decode_integer(value)
        return value if number is None else str(number).encode()
    if rule is Rule.TIME:
        moment = decode_time(value)
        return value if moment is None else encode_time(moment)
    if rule is Rule.PHONE:
        text = re.sub(r"[ \-]", "", text)
    elif rule is Rule.DN:
        text = dn.key(text)
    elif rule is Rule.ADDRESS:
        text = address_key(text)
    return " ".join(text.casefold().split()).encode("utf-8", "surrogateescape")


def same_values(rule: Rule, left: tuple[bytes, ...], right: tuple[bytes, ...]) -> bool:
    """Tell whether two sets of values are equal by a rule, whatever their order."""
    return {value_key(rule, v) for v in left} == {value_key(rule, v) for v in right}


def decode_text(value: bytes) -> str:
    """Read a value as text; bytes that are no UTF-8 survive as surrogates."""
    return value.decode("utf-8", "surrogateescape")


def decode_integer(value: bytes) -> int | None:
    """Read an INTEGER value (RFC 4517 section 3.3.16); None where it is none."""
    if value.isdigit() and len(value) <= 30:
        return int(value)
    text = value.strip()
    return int(text) if re.fullmatch(rb"-?\d{1,30}", text) else None


def decode_time(value: bytes) -> datetime | None:
    """Read a Generalized Time value (RFC 4517 section 3.3.13) as UTC; None where it is none."""
    if len(value) == 15 and value[14] == _ZULU and value[:14].isdigit():
        # As servers write it; a sync reads three of these an entry.
        try:
            return datetime.fromisoformat(f"{value[:8].decode()}T{value[8:].decode()}")
        except ValueError:
            return None
    match = _TIME.fullmatch(value.decode("ascii", "replace").strip())
    if not match:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        offset = "+00:00" if zone == "Z" else f"{zone[:3]}:{zone[3:] or '00'}"
        text = f"{year}-{month}-{day}T{hour}:{minute or '00'}:{second or '00'}{offset}"
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def encode_time(moment: datetime) -> bytes:
    """Write a Generalized Time value of whole seconds, in UTC."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode()
