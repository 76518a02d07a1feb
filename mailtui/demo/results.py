"""Answers: result codes, refusals, and how a response goes over the line (RFC 4511 section 4.1.9)."""

from dataclasses import dataclass
from enum import IntEnum

from mailtui.directory import ber


class Code(IntEnum):
    """The result codes that the embedded directory gives (RFC 4511 appendix A, RFC 4528)."""

    SUCCESS = 0
    OPERATIONS_ERROR = 1
    PROTOCOL_ERROR = 2
    SIZE_LIMIT_EXCEEDED = 4
    COMPARE_FALSE = 5
    COMPARE_TRUE = 6
    AUTH_METHOD_NOT_SUPPORTED = 7
    STRONGER_AUTH_REQUIRED = 8
    ADMIN_LIMIT_EXCEEDED = 11
    UNAVAILABLE_CRITICAL_EXTENSION = 12
    NO_SUCH_ATTRIBUTE = 16
    UNDEFINED_ATTRIBUTE_TYPE = 17
    INAPPROPRIATE_MATCHING = 18
    CONSTRAINT_VIOLATION = 19
    ATTRIBUTE_OR_VALUE_EXISTS = 20
    INVALID_ATTRIBUTE_SYNTAX = 21
    NO_SUCH_OBJECT = 32
    INVALID_DN_SYNTAX = 34
    INVALID_CREDENTIALS = 49
    INSUFFICIENT_ACCESS_RIGHTS = 50
    UNWILLING_TO_PERFORM = 53
    NAMING_VIOLATION = 64
    OBJECT_CLASS_VIOLATION = 65
    NOT_ALLOWED_ON_NON_LEAF = 66
    ENTRY_ALREADY_EXISTS = 68
    OBJECT_CLASS_MODS_PROHIBITED = 69
    AFFECTS_MULTIPLE_DSAS = 71
    OTHER = 80
    ASSERTION_FAILED = 122


@dataclass(frozen=True, slots=True)
class Result:
    """What a request came to; `controls` are whole Control elements, `extra` is what a kind of response adds."""

    code: Code = Code.SUCCESS
    message: str = ""
    matched: str = ""
    controls: tuple[bytes, ...] = ()
    extra: bytes = b""


SUCCESS = Result()


class Refusal(Exception):
    """A request that is not carried out, and the result that says why."""

    def __init__(self, code: Code, message: str = "", matched: str = "") -> None:
        super().__init__(message)
        self.result = Result(code, message, matched)


class Malformed(Exception):
    """Bytes that are no LDAP request: the server says so and hangs up (RFC 4511 section 4.1.1)."""


def response(message_id: int, tag: int, result: Result) -> bytes:
    """Write the message that ends a request."""
    body = ber.encode(
        tag,
        ber.integer(result.code, ber.ENUMERATED),
        ber.octets(result.matched),
        ber.octets(result.message),
        result.extra,
    )
    return message(message_id, body, result.controls)


def message(message_id: int, body: bytes, controls: tuple[bytes, ...] = ()) -> bytes:
    """Write an LDAPMessage."""
    return ber.encode(ber.SEQUENCE, ber.integer(message_id), body, ber.encode(0xA0, *controls) if controls else b"")


def control(oid: str, value: bytes) -> bytes:
    """Write a response control."""
    return ber.encode(ber.SEQUENCE, ber.octets(oid), ber.octets(value))
