"""Controls that clients send: paging (RFC 2696), assertion (RFC 4528), pre-read and post-read (RFC 4527)."""

from collections.abc import Mapping
from dataclasses import dataclass

from mailtui.demo.entries import Sight
from mailtui.demo.filters import Filter
from mailtui.demo.questions import read_filter
from mailtui.demo.requests import Message, Operation, elements, number, text
from mailtui.demo.results import Code, Refusal, control
from mailtui.demo.schema import ServerSchema
from mailtui.demo.selection import Selection
from mailtui.directory import ber

PAGED = "1.2.840.113556.1.4.319"
ASSERTION = "1.3.6.1.1.12"
PRE_READ, POST_READ = "1.3.6.1.1.13.1", "1.3.6.1.1.13.2"
MANAGE_DSA_IT = "2.16.840.1.113730.3.4.2"

_ALL = frozenset(
    (Operation.SEARCH, Operation.MODIFY, Operation.ADD, Operation.DELETE, Operation.RENAME, Operation.COMPARE)
)
SUPPORTED: Mapping[str, frozenset[Operation]] = {
    PAGED: frozenset((Operation.SEARCH,)),
    ASSERTION: _ALL,
    PRE_READ: frozenset((Operation.MODIFY, Operation.DELETE, Operation.RENAME)),
    POST_READ: frozenset((Operation.MODIFY, Operation.ADD, Operation.RENAME)),
    MANAGE_DSA_IT: _ALL,
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is asked for; the cookie is empty for the first."""

    size: int
    cookie: bytes

    def answer(self, cookie: bytes) -> bytes:
        """Write the control that comes with a page; the cookie is empty with the last."""
        return control(PAGED, ber.encode(ber.SEQUENCE, ber.integer(0), ber.octets(cookie)))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the controls of a request ask for."""

    page: Page | None = None
    assertion: Filter | None = None
    before: Selection | None = None
    after: Selection | None = None

    def check(self, sight: Sight) -> None:
        """See whether the entry is as the client takes it to be.

        Raises:
            Refusal: It is not, or nobody can tell.
        """
        if self.assertion and self.assertion(sight) is not True:
            raise Refusal(Code.ASSERTION_FAILED)

    def entries(self, before: Sight | None, after: Sight | None) -> tuple[bytes, ...]:
        """Write the entry as it was before, and as it is after, where that was asked for."""
        both = ((PRE_READ, self.before, before), (POST_READ, self.after, after))
        return tuple(control(oid, chosen.entry(sight)) for oid, chosen, sight in both if chosen and sight)


def read_controls(schema: ServerSchema, message: Message) -> Asked:
    """Read the controls of a request; one that is not known and not critical is passed over.

    Raises:
        Refusal: A critical one is not known or does not suit the request, or one stands there twice.
        Malformed: A value is not as it must be.
    """
    values: dict[str, bytes] = {}
    for one in message.controls:
        if message.tag not in SUPPORTED.get(one.oid, ()):
            if one.is_critical:
                known = "available" if one.oid in SUPPORTED else "recognized"
                raise Refusal(Code.UNAVAILABLE_CRITICAL_EXTENSION, f"critical extension is not {known}")
            continue
        if one.oid in values:
            raise Refusal(Code.PROTOCOL_ERROR, f"control {one.oid} specified multiple times")
        values[one.oid] = one.value or b""
    return Asked(
        page=_page(values[PAGED]) if PAGED in values else None,
        assertion=read_filter(schema, values[ASSERTION]) if ASSERTION in values else None,
        before=_selection(schema, values[PRE_READ]) if PRE_READ in values else None,
        after=_selection(schema, values[POST_READ]) if POST_READ in values else None,
    )


def _page(value: bytes) -> Page:
    try:
        ((_tag, content),) = elements(value)
        (_s, size), (_c, cookie) = elements(content)
    except ValueError as error:
        raise Refusal(Code.PROTOCOL_ERROR, "paged results control could not be decoded") from error
    return Page(number(size), cookie)


def _selection(schema: ServerSchema, value: bytes) -> Selection:
    if not value:
        raise Refusal(Code.PROTOCOL_ERROR, "read control: value is empty")
    ((_tag, content),) = elements(value)
    return Selection(schema, [text(name) for _tag, name in elements(content)])
