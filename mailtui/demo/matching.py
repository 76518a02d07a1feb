"""Matching rules: how values of attributes compare (RFC 4517 section 4.2, and a few rules of slapd and AD)."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from mailtui.demo import naming, syntaxes
from mailtui.demo.schema import AttributeType, ServerSchema

# What a value becomes to be compared; two values of one rule become the same type.
Key = bytes | int


@dataclass(frozen=True, slots=True)
class Rule:
    """How values compare: what they become first, and when a value then fits what was asked for.

    `ready` raises ValueError for a value that breaks the rule's syntax.
    """

    ready: Callable[[ServerSchema, bytes], Key]
    fits: Callable[[Key, Key], bool] = operator.eq
    syntax: str = ""


def is_valid(schema: ServerSchema, kind: AttributeType, value: bytes) -> bool:
    """Tell whether an attribute may have a value, by its syntax."""
    if kind.syntax == syntaxes.OID:
        return schema.object_class(_text(value)) is not None or kind.name != "objectClass"
    if kind.syntax == syntaxes.DN:
        try:
            naming.name(schema, _text(value))
        except ValueError:
            return False
        return True
    return syntaxes.is_valid(kind.syntax, value)


def spelled(schema: ServerSchema, kind: AttributeType, value: bytes) -> bytes:
    """Give a valid value as slapd keeps it: DNs and object classes in its own spelling, the rest as it came."""
    if kind.syntax == syntaxes.DN:
        return naming.name(schema, _text(value)).text.encode("utf-8", "surrogateescape")
    if kind.name == "objectClass":
        known = schema.object_class(_text(value))
        return known.name.encode() if known else value
    return value


def equality_key(schema: ServerSchema, kind: AttributeType, value: bytes) -> Key:
    """Give the form in which equal values of an attribute are equal; an attribute without a rule compares bytes."""
    rule = RULES.get(kind.equality.lower())
    try:
        return rule.ready(schema, value) if rule else value
    except ValueError:
        return value


def rule_for(name_or_oid: str, kind: AttributeType | None = None) -> Rule | None:
    """Give a rule by name or OID; None when there is none, or when it does not suit an attribute's syntax."""
    rule = RULES.get(_OIDS.get(name_or_oid, name_or_oid).lower())
    return rule if rule and (kind is None or suits(rule, kind)) else None


def suits(rule: Rule, kind: AttributeType) -> bool:
    """Tell whether a rule can compare values of an attribute."""
    return rule.syntax == kind.syntax or {rule.syntax, kind.syntax} <= syntaxes.STRINGS


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def _string(prepare: Callable[[bytes], bytes], syntax: str) -> Callable[[ServerSchema, bytes], Key]:
    def ready(_schema: ServerSchema, value: bytes) -> Key:
        if not syntaxes.is_valid(syntax, value):
            raise ValueError(value)
        return prepare(value)

    return ready


def _integer(_schema: ServerSchema, value: bytes) -> Key:
    if not syntaxes.is_valid(syntaxes.INTEGER, value):
        raise ValueError(value)
    return int(value)


def _name(schema: ServerSchema, value: bytes) -> Key:
    return naming.name(schema, _text(value)).key.encode("utf-8", "surrogateescape")


def _object_class(schema: ServerSchema, value: bytes) -> Key:
    known = schema.object_class(_text(value))
    if known is None:
        raise ValueError(value)
    return known.name.encode()


def _time(_schema: ServerSchema, value: bytes) -> Key:
    return syntaxes.utc(value)


def _is_below(key: Key, base: Key) -> bool:
    return isinstance(key, bytes) and isinstance(base, bytes) and (key == base or key.endswith(b"," + base))


def _less(left: Key, right: Key) -> bool:
    return bool(left < right)  # type: ignore[operator]  # keys of one rule are of one type


def _has_all(bits: Key, mask: Key) -> bool:
    return int(bits) & int(mask) == int(mask)


def _has_any(bits: Key, mask: Key) -> bool:
    return int(bits) & int(mask) != 0


def _compact(value: bytes) -> bytes:
    return re.sub(rb"[ \-]", b"", value).lower()


def _unspaced(value: bytes) -> bytes:
    return value.replace(b" ", b"")


_STANDARD = "1.3.6.1.4.1.1466.115.121.1."
_DIRECTORY, _IA5, _PHONE, _NUMERIC = (_STANDARD + n for n in ("15", "26", "50", "36"))
_LIST, _OCTETS, _BOOLEAN, _GENERALIZED_TIME = (_STANDARD + n for n in ("41", "40", "7", "24"))
_UUID, _CSN = "1.3.6.1.1.16.1", "1.3.6.1.4.1.4203.666.11.2.1"


def _string_rules() -> dict[str, Rule]:
    ignoring, exactly = _string(syntaxes.caseless, _DIRECTORY), _string(syntaxes.exact, _DIRECTORY)
    numeric = _string(_unspaced, _NUMERIC)
    return {
        "caseIgnoreMatch": Rule(ignoring, syntax=_DIRECTORY),
        "caseIgnoreOrderingMatch": Rule(ignoring, _less, _DIRECTORY),
        "caseExactMatch": Rule(exactly, syntax=_DIRECTORY),
        "caseExactOrderingMatch": Rule(exactly, _less, _DIRECTORY),
        "caseIgnoreListMatch": Rule(_string(syntaxes.caseless, _LIST), syntax=_LIST),
        "caseIgnoreIA5Match": Rule(_string(syntaxes.caseless, _IA5), syntax=_IA5),
        "caseExactIA5Match": Rule(_string(syntaxes.exact, _IA5), syntax=_IA5),
        "telephoneNumberMatch": Rule(_string(_compact, _PHONE), syntax=_PHONE),
        "numericStringMatch": Rule(numeric, syntax=_NUMERIC),
        "numericStringOrderingMatch": Rule(numeric, _less, _NUMERIC),
        "octetStringMatch": Rule(_string(bytes, _OCTETS), syntax=_OCTETS),
    }


def _other_rules() -> dict[str, Rule]:
    uuid, csn = _string(bytes.lower, _UUID), _string(bytes, _CSN)
    return {
        "booleanMatch": Rule(_string(bytes, _BOOLEAN), syntax=_BOOLEAN),
        "integerMatch": Rule(_integer, syntax=syntaxes.INTEGER),
        "integerOrderingMatch": Rule(_integer, _less, syntaxes.INTEGER),
        "integerBitAndMatch": Rule(_integer, _has_all, syntaxes.INTEGER),
        "integerBitOrMatch": Rule(_integer, _has_any, syntaxes.INTEGER),
        "generalizedTimeMatch": Rule(_time, syntax=_GENERALIZED_TIME),
        "generalizedTimeOrderingMatch": Rule(_time, _less, _GENERALIZED_TIME),
        "distinguishedNameMatch": Rule(_name, syntax=syntaxes.DN),
        "dnSubtreeMatch": Rule(_name, _is_below, syntaxes.DN),
        "objectIdentifierMatch": Rule(_object_class, syntax=syntaxes.OID),
        "UUIDMatch": Rule(uuid, syntax=_UUID),
        "UUIDOrderingMatch": Rule(uuid, _less, _UUID),
        "CSNMatch": Rule(csn, syntax=_CSN),
        "CSNOrderingMatch": Rule(csn, _less, _CSN),
    }


RULES = {name.lower(): rule for name, rule in (_string_rules() | _other_rules()).items()}
# How values and pieces of them are made ready for a substring filter, by the attribute's rule.
PIECES: dict[str, Callable[[bytes], bytes]] = {
    "caseIgnoreSubstringsMatch": syntaxes.caseless,
    "caseIgnoreIA5SubstringsMatch": syntaxes.caseless,
    "caseIgnoreListSubstringsMatch": syntaxes.caseless,
    "caseExactSubstringsMatch": syntaxes.exact,
    "caseExactIA5SubstringsMatch": syntaxes.exact,
    "telephoneNumberSubstringsMatch": _compact,
    "numericStringSubstringsMatch": _unspaced,
}
_OIDS = {
    "2.5.13.0": "objectIdentifierMatch",
    "2.5.13.1": "distinguishedNameMatch",
    "2.5.13.2": "caseIgnoreMatch",
    "2.5.13.3": "caseIgnoreOrderingMatch",
    "2.5.13.5": "caseExactMatch",
    "2.5.13.6": "caseExactOrderingMatch",
    "2.5.13.8": "numericStringMatch",
    "2.5.13.9": "numericStringOrderingMatch",
    "2.5.13.11": "caseIgnoreListMatch",
    "2.5.13.13": "booleanMatch",
    "2.5.13.14": "integerMatch",
    "2.5.13.15": "integerOrderingMatch",
    "2.5.13.17": "octetStringMatch",
    "2.5.13.20": "telephoneNumberMatch",
    "2.5.13.27": "generalizedTimeMatch",
    "2.5.13.28": "generalizedTimeOrderingMatch",
    "1.3.6.1.4.1.1466.109.114.1": "caseExactIA5Match",
    "1.3.6.1.4.1.1466.109.114.2": "caseIgnoreIA5Match",
    "1.3.6.1.1.16.2": "UUIDMatch",
    "1.3.6.1.1.16.3": "UUIDOrderingMatch",
    "1.2.840.113556.1.4.803": "integerBitAndMatch",
    "1.2.840.113556.1.4.804": "integerBitOrMatch",
    "1.3.6.1.4.1.4203.666.4.9": "dnSubtreeMatch",
}
