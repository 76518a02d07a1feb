"""Extended operations: who am I (RFC 4532) and modify password (RFC 3062)."""

from mailtui.demo import passwords
from mailtui.demo.entries import PASSWORD, Entry, Identity
from mailtui.demo.naming import Name
from mailtui.demo.requests import Extended, elements, reading, text
from mailtui.demo.results import Code, Refusal, Result
from mailtui.demo.tree import Tree
from mailtui.demo.writing import find, parse, replace_entry
from mailtui.directory import ber

_VALUE = 0x8B
_WHO, _OLD, _NEW = 0x80, 0x81, 0x82


def who_am_i(who: Identity) -> Result:
    """Tell a client who it is."""
    return Result(extra=ber.octets(f"dn:{who.dn}" if who.dn else "", _VALUE))


def modify_password(tree: Tree, who: Identity, request: Extended) -> Result:
    """Give somebody a new password, made here when none is sent; people must send their old one if they send any."""
    if not who.dn:
        raise Refusal(Code.STRONGER_AUTH_REQUIRED, "only authenticated users may change passwords")
    fields = _fields(request.value or b"")
    where = _whose(tree, who, fields)
    new = fields.get(_NEW) or passwords.generated()
    with tree.lock:
        entry = find(tree, where)
        _must_be_allowed(who, entry, fields.get(_OLD))
        _must_allow_password(tree, entry.attributes.get("objectClass", ()))
        replace_entry(tree, who, entry, {**entry.attributes, PASSWORD: (passwords.hashed(new),)})
    if _NEW in fields:
        return Result()
    return Result(extra=ber.encode(_VALUE, ber.encode(ber.SEQUENCE, ber.octets(new, 0x80))))


def _fields(value: bytes) -> dict[int, bytes]:
    if not value:
        return {}
    ((_tag, content),) = reading(lambda data: list(elements(data)), value)
    return dict(elements(content))


def _whose(tree: Tree, who: Identity, fields: dict[int, bytes]) -> Name:
    if _WHO not in fields:
        return parse(tree.schema, who.dn)
    try:
        return parse(tree.schema, text(fields[_WHO]))
    except Refusal as refusal:
        raise Refusal(Code.INVALID_ATTRIBUTE_SYNTAX, "Invalid DN") from refusal


def _must_be_allowed(who: Identity, entry: Entry, old: bytes | None) -> None:
    may_write = who.may_write(entry, PASSWORD)
    if old is not None and not (
        may_write and any(passwords.fits(old, kept) for kept in entry.attributes.get(PASSWORD, ()))
    ):
        raise Refusal(Code.UNWILLING_TO_PERFORM, "unwilling to verify old password")
    if not may_write:
        raise Refusal(Code.INSUFFICIENT_ACCESS_RIGHTS)


def _must_allow_password(tree: Tree, classes: tuple[bytes, ...]) -> None:
    known = (tree.schema.object_class(value.decode()) for value in classes)
    if not any(PASSWORD in one.may | one.must for one in known if one):
        raise Refusal(Code.OBJECT_CLASS_VIOLATION, f"attribute '{PASSWORD}' not allowed")
