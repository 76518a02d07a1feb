"""Changes to the tree: each is checked, then made at one stroke while the tree is locked, or not made at all."""

from collections.abc import Mapping
from dataclasses import replace

from mailtui.demo import modifying
from mailtui.demo.checks import checked_values, has_value, structural_class
from mailtui.demo.controls import Asked
from mailtui.demo.entries import SUBSCHEMA, Entry, Identity, Sight, tagged
from mailtui.demo.naming import Name, is_below, name
from mailtui.demo.requests import Add, Modify, Rename
from mailtui.demo.results import Code, Refusal, Result
from mailtui.demo.schema import ServerSchema
from mailtui.demo.tree import Tree


def parse(schema: ServerSchema, dn: str, what: str = "DN") -> Name:
    """Read a DN that a client sent.

    Raises:
        Refusal: It is none.
    """
    try:
        return name(schema, dn)
    except ValueError as error:
        raise Refusal(Code.INVALID_DN_SYNTAX, f"invalid {what}") from error


def find(tree: Tree, where: Name) -> Entry:
    """Find an entry.

    Raises:
        Refusal: There is none; the refusal names the lowest one above.
    """
    entry = tree.get(where.key)
    if entry is None:
        above = tree.nearest(where)
        raise Refusal(Code.NO_SUCH_OBJECT, matched=above.dn if above else "")
    return entry


def target(tree: Tree, dn: str) -> Name:
    """Read the DN of an entry that is to be changed.

    Raises:
        Refusal: It is none, or of an entry that this server does not keep or nobody can change.
    """
    where = parse(tree.schema, dn)
    if not is_below(where.key, tree.base.key):
        own = where.key in {"", SUBSCHEMA.lower()}
        message = "the server's own entries cannot be changed" if own else "no global superior knowledge"
        raise Refusal(Code.UNWILLING_TO_PERFORM, message)
    return where


def add(tree: Tree, who: Identity, request: Add, asked: Asked) -> Result:
    """Add an entry."""
    _must_be_known(who)
    where = target(tree, request.dn)
    attributes = _checked_attributes(tree.schema, request)
    for attribute, value in where.pairs:
        raw = value.encode("utf-8", "surrogateescape")
        if not has_value(tree.schema, attribute, attributes.get(attribute, ()), raw):
            attributes[attribute] = (*attributes.get(attribute, ()), raw)
    attributes["structuralObjectClass"] = (structural_class(tree.schema, where, attributes).encode(),)
    with tree.lock:
        if tree.get(where.key):
            raise Refusal(Code.ENTRY_ALREADY_EXISTS)
        if where.key != tree.base.key and not tree.get(where.above):
            find(tree, where)
        if not who.is_admin:
            raise Refusal(Code.INSUFFICIENT_ACCESS_RIGHTS, "no write access to parent")
        entry = tree.born(where, attributes, who.dn)
        sight = Sight(entry, who, tree.virtual)
        asked.check(sight)
        tree.commit((), (entry,))
        return Result(controls=asked.entries(None, sight))


def _checked_attributes(schema: ServerSchema, request: Add) -> modifying.Attributes:
    if not request.attributes:
        raise Refusal(Code.PROTOCOL_ERROR, "no attributes provided")
    attributes: modifying.Attributes = {}
    for description, values in request.attributes:
        if not values:
            raise Refusal(Code.PROTOCOL_ERROR, f"no values for attribute type {description}")
        _kind, canonical, checked = checked_values(schema, description, values)
        if canonical in attributes:
            message = f"{canonical}: attribute provided more than once"
            raise Refusal(Code.ATTRIBUTE_OR_VALUE_EXISTS, message)
        attributes[canonical] = checked
    return attributes


def modify(tree: Tree, who: Identity, request: Modify, asked: Asked) -> Result:
    """Change the attributes of an entry."""
    _must_be_known(who)
    where = target(tree, request.dn)
    steps = modifying.checked_steps(tree.schema, request.steps)
    with tree.lock:
        entry = find(tree, where)
        before = Sight(entry, who, tree.virtual)
        asked.check(before)
        if not all(who.may_write(entry, kind.name) for _way, kind, _description, _values in steps):
            raise Refusal(Code.INSUFFICIENT_ACCESS_RIGHTS)
        attributes = modifying.modified(tree.schema, entry.attributes, steps)
        structural_class(tree.schema, entry.name, attributes, (entry.first("structuralObjectClass") or b"").decode())
        after = replace_entry(tree, who, entry, attributes)
        return Result(controls=asked.entries(before, after))


def replace_entry(tree: Tree, who: Identity, entry: Entry, attributes: Mapping[str, tuple[bytes, ...]]) -> Sight:
    """Put an entry with other attributes in the place of one; the lock must be held."""
    whole = {**attributes, **_stamped(tree, who)}
    after = replace(entry, attributes=whole, tagged=tagged(whole))
    tree.commit((entry,), (after,))
    return Sight(after, who, tree.virtual)


def _stamped(tree: Tree, who: Identity) -> modifying.Attributes:
    stamp = tree.stamp()
    by = who.dn.encode("utf-8", "surrogateescape")
    return {"entryCSN": (stamp.csn,), "modifiersName": (by,), "modifyTimestamp": (stamp.time,)}


def delete(tree: Tree, who: Identity, dn: str, asked: Asked) -> Result:
    """Delete an entry that has none below it."""
    _must_be_known(who)
    where = target(tree, dn)
    with tree.lock:
        entry = find(tree, where)
        before = Sight(entry, who, tree.virtual)
        asked.check(before)
        if not who.is_admin:
            raise Refusal(Code.INSUFFICIENT_ACCESS_RIGHTS, "no write access to parent")
        if tree.has_children(where.key):
            raise Refusal(Code.NOT_ALLOWED_ON_NON_LEAF, "subordinate objects must be deleted first")
        controls = asked.entries(before, None)
        # A deletion is a change too: clients that watch contextCSN must see it.
        tree.stamp()
        tree.commit((entry,), ())
        return Result(controls=controls)


def rename(tree: Tree, who: Identity, request: Rename, asked: Asked) -> Result:
    """Give an entry another name or place, with all that is below it."""
    _must_be_known(who)
    where = target(tree, request.dn)
    rdn = parse(tree.schema, request.rdn, "new RDN")
    if len(rdn.keys) != 1:
        raise Refusal(Code.INVALID_DN_SYNTAX, "invalid new RDN")
    superior = None if request.superior is None else parse(tree.schema, request.superior, "newSuperior")
    with tree.lock:
        entry = find(tree, where)
        before = Sight(entry, who, tree.virtual)
        asked.check(before)
        if not who.is_admin:
            raise Refusal(Code.INSUFFICIENT_ACCESS_RIGHTS, "no write access to parent's children")
        new = _new_name(tree, entry, rdn, superior)
        attributes = _renamed_attributes(tree.schema, entry, rdn, deletes_old=request.deletes_old)
        structural_class(tree.schema, new, attributes)
        after = replace(entry, name=new, attributes={**attributes, **_stamped(tree, who)})
        old = tree.subtree(where.key)
        tree.commit(old, [after, *(_carried(one, entry.name, new) for one in old[1:])])
        return Result(controls=asked.entries(before, Sight(after, who, tree.virtual)))


def _new_name(tree: Tree, entry: Entry, rdn: Name, superior: Name | None) -> Name:
    if entry.name.key == tree.base.key or (superior and not is_below(superior.key, tree.base.key)):
        raise Refusal(Code.AFFECTS_MULTIPLE_DSAS, "cannot rename between DSAs")
    if superior and is_below(superior.key, entry.name.key):
        raise Refusal(Code.UNWILLING_TO_PERFORM, "cannot place an entry below itself")
    above = tree.get(superior.key if superior else entry.name.above)
    if above is None:
        raise Refusal(Code.NO_SUCH_OBJECT, "new superior not found")
    new = Name(rdn.texts + above.name.texts, rdn.keys + above.name.keys, rdn.pairs)
    if new.key != entry.name.key and tree.get(new.key):
        raise Refusal(Code.ENTRY_ALREADY_EXISTS)
    return new


def _renamed_attributes(schema: ServerSchema, entry: Entry, rdn: Name, *, deletes_old: bool) -> modifying.Attributes:
    attributes = dict(entry.attributes)
    for attribute, value in entry.name.pairs if deletes_old else ():
        kind, raw = schema.attribute(attribute), value.encode("utf-8", "surrogateescape")
        if kind and has_value(schema, attribute, attributes.get(attribute, ()), raw):
            attributes[attribute] = modifying.without(schema, kind, attributes[attribute], (raw,))
    for attribute, value in rdn.pairs:
        raw = value.encode("utf-8", "surrogateescape")
        if not has_value(schema, attribute, attributes.get(attribute, ()), raw):
            attributes[attribute] = (*attributes.get(attribute, ()), raw)
    return {attribute: values for attribute, values in attributes.items() if values}


def _carried(entry: Entry, old: Name, new: Name) -> Entry:
    own = len(entry.name.keys) - len(old.keys)
    moved = Name(entry.name.texts[:own] + new.texts, entry.name.keys[:own] + new.keys, entry.name.pairs)
    return replace(entry, name=moved)


def _must_be_known(who: Identity) -> None:
    if not who.dn:
        raise Refusal(Code.STRONGER_AUTH_REQUIRED, "modifications require authentication")
