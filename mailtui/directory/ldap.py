"""The port, spoken as LDAP: searches paged and streamed, changes written whole or not at all."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import ldap3
from ldap3.operation.search import search_operation

from mailtui.directory import ber, cursors, filters, syncrepl
from mailtui.directory.failures import failure_of, translated
from mailtui.directory.port import (
    ENTRY_UUID,
    Answer,
    Capabilities,
    Entry,
    Modification,
    News,
    Rung,
    Scope,
    Written,
)
from mailtui.directory.reader import Result, Wire
from mailtui.directory.writer import (
    ASSERTION,
    PASSWORD_MODIFY,
    POST_READ,
    PRE_READ,
    controls,
    search_request,
    update_request,
)
from mailtui.errors import DirectoryError, EntryGone, Unreachable
from mailtui.texts import _

# draft-behera-ldap-password-policy-11 section 6.1
_PASSWORD_POLICY = "1.3.6.1.4.1.42.2.27.8.5.1"  # noqa: S105 - an OID
_PAGED = "1.2.840.113556.1.4.319"
# The NAME of an attribute type: one in quotes, or several in brackets (RFC 4512 section 4.1.2).
_NAMES = re.compile(rb"NAME\s+(?:\(\s*)?('[^)]*?')\s*(?=[)A-Z])")
_PAGE, _AT_ONCE = 1000, 100
_SCOPES = {Scope.BASE: ldap3.BASE, Scope.ONE: ldap3.LEVEL, Scope.SUBTREE: ldap3.SUBTREE}

Found = TypeVar("Found")


class LdapDirectory:
    """A directory server behind a bound connection of ldap3 (SYNC, one thread at a time)."""

    def __init__(self, connection: Any, wire: Wire, url: str, base: str, id_attribute: str = ENTRY_UUID) -> None:
        self._connection = connection
        self._wire = wire
        self._url = url
        self._base = base
        self._id = id_attribute
        self._capabilities: Capabilities | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What the server offers, asked once (RFC 4512 section 5.1)."""
        if self._capabilities is None:
            names = ("supportedControl", "supportedExtension", "vendorName", "vendorVersion", "structuralObjectClass")
            entries = [e for e in self._page("", "(objectClass=*)", names, Scope.BASE, []) if isinstance(e, Entry)]
            oids = [oid for entry in entries for name in names[:2] for oid in entry.get(name)]
            offered = {oid.decode("ascii", "replace") for oid in oids}
            self._capabilities = Capabilities(
                paged=_PAGED in offered,
                assertion=ASSERTION in offered,
                pre_read=PRE_READ in offered,
                post_read=POST_READ in offered,
                syncrepl=syncrepl.REQUEST in offered,
                password_modify=PASSWORD_MODIFY in offered,
                password_policy=_PASSWORD_POLICY in offered,
                vendor=_vendor(entries),
            )
        return self._capabilities

    def search(
        self, base: str, matching: str, attributes: Sequence[str], *, scope: Scope = Scope.SUBTREE
    ) -> Iterator[Entry]:
        """See the port; pages are asked for where the server has them, and a limit is never taken for the end."""
        cookie, seen = b"", set[bytes]()
        while True:
            controls = [_page_control(cookie)] if self.capabilities.paged and scope is not Scope.BASE else []
            cookie = b""
            for found in self._page(base, matching, attributes, scope, controls):
                if isinstance(found, Entry):
                    yield found
                else:
                    cookie = _cookie(found)
            if not cookie:
                return
            if cookie in seen:
                raise DirectoryError(_("The directory sends the same page over and over"))
            seen.add(cookie)

    def below_base(self, matching: str, attributes: Sequence[str]) -> Iterator[Entry]:
        """Search the whole directory."""
        return self.search(self._base, matching, attributes)

    def rungs(self) -> tuple[Rung, ...]:
        """See the port."""
        held = self.read([self._base], ("entryCSN", "modifyTimestamp")).get(self._base)
        polled = cursors.shown_rung(held) if held else None
        # 389 does not tell of entries that leave the filter, nor whether those it left out are gone.
        is_offered = self.capabilities.syncrepl and not self.capabilities.vendor.startswith("389")
        return (*([Rung.SYNCREPL] if is_offered else []), *([polled] if polled else []))

    def refresh(self, rung: Rung, matching: str, attributes: Sequence[str], cursor: str = "") -> Iterator[News]:
        """See the port."""
        if rung is not Rung.SYNCREPL:
            return cursors.poll(self, rung, matching, attributes, cursor)
        # Never with pages: only the first would come, as if it were all. Critical: else it would be a plain search.
        control = (syncrepl.REQUEST, True, syncrepl.request(cursors.cookie_of(cursor)))
        # From nothing, all that comes is new (RFC 4533 section 3.3.1): the controls of a million entries need no look.
        read = self._wire.controlled if cursor else self._wire.entries
        return cursors.synchronize(self._run(read, self._base, matching, attributes, Scope.SUBTREE, [control]), cursor)

    def _page(
        self, base: str, matching: str, attributes: Sequence[str], scope: Scope, controls: list[tuple[str, bool, bytes]]
    ) -> Iterator[Entry | Result]:
        """Run one search request to its end."""
        return self._run(self._wire.entries, base, matching, attributes, scope, controls)

    def _run(
        self,
        read: Callable[[int], Iterator[Found]],
        base: str,
        matching: str,
        attributes: Sequence[str],
        scope: Scope,
        controls: list[tuple[str, bool, bytes]],
    ) -> Iterator[Found]:
        def ask() -> Iterator[Found]:
            with translated(self._url):
                request = search_operation(
                    base, matching, _SCOPES[scope], ldap3.DEREF_NEVER, list(attributes), 0, 0, False, False, False
                )  # fmt: skip
                message_id = self._wire.send("searchRequest", request, controls)
            return read(message_id)

        return self._to_its_end(ask)

    def _to_its_end(self, ask: Callable[[], Iterator[Found]]) -> Iterator[Found]:
        """Give what answers a search; what is left unread closes the connection."""
        is_whole = False
        try:
            for found in ask():
                if isinstance(found, Result):
                    is_whole = True
                    _raise_unless_success(found)
                yield found
        finally:
            if not is_whole:
                self.close()

    def read(self, dns: Sequence[str], attributes: Sequence[str]) -> dict[str, Entry]:
        """See the port."""
        found = {}
        for dn in dns:
            try:
                for entry in self.search(dn, "(objectClass=*)", attributes, scope=Scope.BASE):
                    found[dn] = entry
            except EntryGone:
                continue
        return found

    def read_ids(self, ids: Sequence[str], attributes: Sequence[str], matching: str = "") -> dict[str, Entry]:
        """See the port."""
        found = {}
        for start in range(0, len(ids), _AT_ONCE):
            for entry in self._those(ids[start : start + _AT_ONCE], [*attributes, self._id], matching):
                found[entry.text(self._id) or ""] = entry
        return found

    def _those(self, ids: Sequence[str], attributes: Sequence[str], matching: str) -> Iterator[Entry]:
        if matching:
            those = filters.any_of(filters.equals(self._id, one) for one in ids)
            return self.search(self._base, filters.all_of((matching, those)), attributes)
        request = search_request(self._base, filters.any_value(self._id, ids), attributes)
        found = self._to_its_end(lambda: self._wire.entries(self._wire.ask(request)))
        return (entry for entry in found if isinstance(entry, Entry))

    def unknown(self, attributes: Sequence[str]) -> tuple[str, ...]:
        """See the port (RFC 4512 sections 4.2 and 5.1)."""
        roots = self.read([""], ("subschemaSubentry",)).values()
        where = [dn for root in roots if (dn := root.text("subschemaSubentry"))]
        types = [
            value for entry in self.read(where, ("attributeTypes",)).values() for value in entry.get("attributeTypes")
        ]
        known = {
            name.lower() for value in types for names in _NAMES.findall(value) for name in names.decode().split("'")
        }
        return tuple(name for name in attributes if name.lower() not in known) if known else ()

    def send(self, modifications: Sequence[Modification], reading: Sequence[str] = ()) -> list[int]:
        """See the port."""
        offered = self.capabilities
        return self._wire.put(
            [(update_request(one, offered), controls(one, reading, offered, self._id)) for one in modifications]
        )

    def answer(self) -> tuple[int, Answer]:
        """See the port."""
        number, result = self._wire.next_ended()
        failure = _failure(result)
        if isinstance(failure, Unreachable):
            raise failure
        return number, failure or Written(self._shown(result, PRE_READ), self._shown(result, POST_READ))

    def _shown(self, result: Result, control: str) -> Entry | None:
        value = result.controls.get(control)
        return self._wire.entry_of(value) if value else None

    def who_am_i(self) -> str:
        """See the port."""
        with translated(self._url):
            return str(self._connection.extend.standard.who_am_i() or "")

    def close(self) -> None:
        """See the port; a line that is lost already is closed all the same."""
        if self._connection.closed:
            return
        try:
            with translated(self._url):
                self._connection.unbind()
        except Unreachable:
            # The server went first: nobody is left to say farewell to, only our end of the line.
            self._connection.strategy.close()


def _failure(result: Result) -> DirectoryError | None:
    return failure_of(result.code, result.reason, result.dn) if result.code else None


def _raise_unless_success(result: Result) -> None:
    failure = _failure(result)
    if failure:
        raise failure


def _page_control(cookie: bytes) -> tuple[str, bool, bytes]:
    """Ask for a page (RFC 2696 section 2), critically: a whole without pages may be cut short."""
    return _PAGED, True, ber.encode(ber.SEQUENCE, ber.integer(_PAGE), ber.octets(cookie))


def _cookie(result: Result) -> bytes:
    value = result.controls.get(_PAGED)
    if not value:
        return b""
    try:
        _tag, start, end = ber.header(value, 0)
        _size, (_tag, begin, stop) = ber.children(value, start, end)
    except (IndexError, ValueError) as error:
        raise DirectoryError(_("The directory answered with a page control that cannot be read")) from error
    return value[begin:stop]


def _vendor(entries: list[Entry]) -> str:
    for entry in entries:
        if "OpenLDAProotDSE" in (entry.text("structuralObjectClass") or ""):
            return "OpenLDAP"
        return entry.text("vendorVersion") or entry.text("vendorName") or ""
    return ""
