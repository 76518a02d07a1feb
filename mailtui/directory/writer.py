"""Requests that come by the thousand, written by ourselves as BER: many in one piece, at a tenth of ldap3's cost."""

from collections.abc import Iterable, Sequence

from mailtui.directory import ber, filters
from mailtui.directory.port import Capabilities, Modification
from mailtui.domain import dn as names
from mailtui.domain.change import Change
from mailtui.domain.entries import Act

PASSWORD_MODIFY = "1.3.6.1.4.1.4203.1.11.1"  # noqa: S105 - an OID
ASSERTION, PRE_READ, POST_READ = "1.3.6.1.1.12", "1.3.6.1.1.13.1", "1.3.6.1.1.13.2"
_SEARCH, _MODIFY, _CONTROLS = 0x63, 0x66, 0xA0
_ADD_ENTRY, _DELETE_ENTRY, _RENAME_ENTRY, _NEW_SUPERIOR = 0x68, 0x4A, 0x6C, 0x80
_EXTENDED, _NAME, _VALUE, _USER_IDENTITY, _NEW_PASSWORD = 0x77, 0x80, 0x81, 0x80, 0x82
_SUBTREE, _NEVER = ber.integer(2, ber.ENUMERATED), ber.integer(0, ber.ENUMERATED)
_NO_LIMIT = ber.integer(0)
_ADD, _DELETE, _REPLACE = (ber.integer(number, ber.ENUMERATED) for number in range(3))

Control = tuple[str, bool, bytes]


def message(message_id: int, operation: bytes, controls: Sequence[Control] = ()) -> bytes:
    """Write an LDAPMessage (RFC 4511 section 4.1.1)."""
    parts = [ber.integer(message_id), operation]
    if controls:
        parts.append(ber.encode(_CONTROLS, *(_control(*control) for control in controls)))
    return ber.encode(ber.SEQUENCE, *parts)


def _control(oid: str, is_critical: bool, value: bytes) -> bytes:
    return ber.encode(ber.SEQUENCE, ber.octets(oid), ber.boolean(is_critical), ber.octets(value))


def update_request(wanted: Modification, offered: Capabilities) -> bytes:
    """Write the request for what is to become of an entry."""
    if wanted.act is Act.PASSWORD:
        return _password_request(wanted.dn, wanted.secret.reveal() if wanted.secret else "", offered)
    if wanted.act is Act.ADD:
        return _add_request(wanted.dn, wanted.changes)
    if wanted.act is Act.DELETE:
        return ber.octets(wanted.dn, _DELETE_ENTRY)
    if wanted.act is Act.RENAME:
        return _rename_request(wanted.dn, wanted.new_dn)
    return modify_request(wanted.dn, wanted.changes)


def _add_request(dn: str, changes: Iterable[Change]) -> bytes:
    """Write an AddRequest (RFC 4511 section 4.7)."""
    attributes = (
        ber.encode(ber.SEQUENCE, ber.octets(one.attribute), ber.encode(ber.SET, *map(ber.octets, one.add)))
        for one in changes
    )
    return ber.encode(_ADD_ENTRY, ber.octets(dn), ber.encode(ber.SEQUENCE, *attributes))


def _password_request(dn: str, password: str, offered: Capabilities) -> bytes:
    """Write a request to set a password: in RFC 3062's way, by which servers hash it, else as a plain value."""
    if not password:
        raise ValueError("an empty password lets nobody in, or everybody")
    if offered.password_modify:
        wanted = ber.encode(ber.SEQUENCE, ber.octets(dn, _USER_IDENTITY), ber.octets(password, _NEW_PASSWORD))
        return ber.encode(_EXTENDED, ber.octets(PASSWORD_MODIFY, _NAME), ber.encode(_VALUE, wanted))
    value = ber.encode(ber.SET, ber.octets(password))
    attribute = ber.encode(ber.SEQUENCE, ber.octets("userPassword"), value)
    return ber.encode(_MODIFY, ber.octets(dn), ber.encode(ber.SEQUENCE, ber.encode(ber.SEQUENCE, _REPLACE, attribute)))


def _rename_request(dn: str, new_dn: str) -> bytes:
    """Write a ModifyDNRequest (RFC 4511 section 4.9); the value that the entry was named by goes."""
    parent, rdn = names.parent(new_dn), names.rdn(new_dn)
    moved = [] if names.key(parent) == names.key(names.parent(dn)) else [ber.octets(parent, _NEW_SUPERIOR)]
    return ber.encode(_RENAME_ENTRY, ber.octets(dn), ber.octets(rdn), ber.boolean(True), *moved)


def modify_request(dn: str, changes: Iterable[Change]) -> bytes:
    """Write a ModifyRequest (RFC 4511 section 4.6); values to remove are named, so that a stale one is refused (16)."""
    steps = [step for change in changes for step in _steps(change)]
    return ber.encode(_MODIFY, ber.octets(dn), ber.encode(ber.SEQUENCE, *steps))


def search_request(base: str, matching: bytes, attributes: Sequence[str]) -> bytes:
    """Write a SearchRequest (RFC 4511 section 4.5.1) below a base for a filter in BER, without limits of our own."""
    return ber.encode(
        _SEARCH,
        ber.octets(base),
        _SUBTREE,
        _NEVER,
        _NO_LIMIT,
        _NO_LIMIT,
        ber.boolean(False),
        matching,
        ber.encode(ber.SEQUENCE, *map(ber.octets, attributes)),
    )


def _steps(change: Change) -> Iterable[bytes]:
    for operation, values in ((_DELETE, change.remove), (_ADD, change.add)):
        # A delete without values would take the whole attribute (RFC 4511 section 4.6).
        if values:
            held = ber.encode(ber.SET, *map(ber.octets, values))
            attribute = ber.encode(ber.SEQUENCE, ber.octets(change.attribute), held)
            yield ber.encode(ber.SEQUENCE, operation, attribute)


def controls(wanted: Modification, reading: Sequence[str], offered: Capabilities, id_attribute: str) -> list[Control]:
    """Give the controls of a change, as far as the server offers them.

    It is to be refused unless the entry is the one meant and as expected (RFC 4528), and to be shown as it was and as
    it became (RFC 4527).
    """
    given: list[Control] = []
    if wanted.act is Act.PASSWORD and offered.password_modify:
        return given
    expected = filters.expectation(wanted, id_attribute)
    if expected and offered.assertion and wanted.act is not Act.ADD:
        # Critical: a server that lacks the control must refuse, not write all the same.
        given.append((ASSERTION, True, expected))
    shown = ber.encode(ber.SEQUENCE, *map(ber.octets, reading)) if reading else b""
    if shown and offered.pre_read and wanted.act is not Act.ADD:
        given.append((PRE_READ, False, shown))
    if shown and offered.post_read and wanted.act is not Act.DELETE:
        given.append((POST_READ, False, shown))
    return given
