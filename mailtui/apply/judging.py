"""What stands between a row and its request, and whether the directory holds what was planned."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mailtui.directory.port import Entry, Modification
from mailtui.domain import dn as names
from mailtui.domain.batch import BatchRow, Closing, RowState
from mailtui.domain.change import Values, applied
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.rules import same_values, value_key
from mailtui.domain.schema import Schema
from mailtui.domain.secret import Secret
from mailtui.texts import _

Pair = tuple[Values, Values]


def found_in(entry: Entry, row: BatchRow, schema: Schema) -> tuple[Values, ...]:
    """Give what an entry holds of the attributes that a row touches, as far as it matters to the row."""
    held = tuple(Values(before.attribute, entry.get(before.attribute)) for before in row.before or ())
    # An entry that goes takes all of its values with it.
    return held if row.act is Act.DELETE else tuple(schema.concerning(row.changes, values) for values in held)


def modification(row: BatchRow, dn: str, schema: Schema, secret: Secret | None) -> Modification:
    """Give the request of a row, and what the server is to refuse it without."""
    # A server cannot compare every attribute of an entry that goes: not a photo, nor a fax number.
    whole = tuple(
        values
        for values in _fixed(row, schema)
        if not schema.is_by_value(values.attribute)
        and (row.act is not Act.DELETE or not values.values or values.attribute.lower() in schema.rules)
    )
    # A group that goes was read whole right before: to have each of thousands of members looked for takes very long.
    is_single = row.act is not Act.DELETE
    single = [change for change in row.changes if is_single and schema.is_by_value(change.attribute)]
    return Modification(
        dn,
        row.changes,
        expecting=whole,
        having=tuple(Values(change.attribute, change.remove) for change in single),
        lacking=tuple(Values(change.attribute, change.add) for change in single),
        entry_id=row.account_id,
        act=row.act,
        new_dn=row.new_dn,
        secret=secret,
    )


def obstacle(row: BatchRow, entry: Entry | None, schema: Schema) -> Closing | None:
    """Say why a row must not be sent: its entry is gone or was moved, or an attribute is no longer as planned from.

    One that is to be added must not be there.
    """
    if row.before is None:
        return Closing(row.number, RowState.FAILED, _("what was planned is no longer kept"))
    if row.act is Act.ADD:
        there = _("there is an entry of this name already")
        return Closing(row.number, RowState.CONFLICT, there, found_in(entry, row, schema)) if entry else None
    if entry is None:
        return Closing(row.number, RowState.FAILED, _("the entry is gone"))
    found = found_in(entry, row, schema)
    if names.key(entry.dn) != names.key(row.dn):
        detail = _("the entry was moved to {dn}").format(dn=entry.dn)
        return Closing(row.number, RowState.CONFLICT, detail, found)
    changed = [_said_of_plan(before, now) for before, now in _differing(_fixed(row, schema), found, schema)]
    if changed and (row.kind is EntryKind.GROUP or row.rests_on) and _is_so(row, found, schema):
        return Closing(row.number, RowState.SKIPPED, _("it is so already"), found)
    return Closing(row.number, RowState.CONFLICT, "; ".join(changed), found) if changed else None


def _is_so(row: BatchRow, found: Sequence[Values], schema: Schema) -> bool:
    """Tell whether all that was to go is gone, and all that was to come is there, whatever else came by the way.

    A server that keeps references itself may put a name of its own in place of one that is gone.
    """
    held = {values.attribute: values.values for values in found}
    for change in row.changes:
        rule = schema.rule(change.attribute)
        keys = {value_key(rule, value) for value in held[change.attribute]}
        wanted = {value_key(rule, value) for value in change.add}
        gone = {value_key(rule, value) for value in change.remove} - wanted
        if gone & keys or wanted - keys:
            return False
    return True


def _said_of_plan(before: Values, now: Values) -> str:
    return _("{now}; when it was planned: {before}").format(now=now.described(), before=before.listed)


def looked_at(row: BatchRow, entry: Entry | None, schema: Schema) -> Closing | None:
    """Say how a row ends that must not be sent; None where nothing stands in the way.

    A request of its own that was under way when a runner was killed may have reached the server after that was settled:
    then it is as planned, and by us. A password that is set once more is another one.
    """
    is_ours = row.was_sent and row.act is not Act.PASSWORD
    return settled(row, entry, schema) if is_ours else obstacle(row, entry, schema)


def overtaken(row: BatchRow, entry: Entry | None, schema: Schema) -> Closing:
    """Say how a row ends that the server refused since the entry was no longer as planned from."""
    closing = looked_at(row, entry, schema)
    if closing or entry is None:
        return closing or Closing(row.number, RowState.FAILED, _("the entry is gone"))
    # It was changed, and changed back before we looked; or the server compares values more strictly than we do.
    detail = _("the server says that the entry was changed; nothing was written")
    return Closing(row.number, RowState.CONFLICT, detail, found_in(entry, row, schema))


def refused(row: BatchRow, entry: Entry | None, reason: str, schema: Schema) -> Closing:
    """Say how a row ends that the server refused, by what was found after: a refusal is no more proof than a yes."""
    if entry is None and row.act is Act.DELETE:
        return replace(verdict(row, None, None, schema), detail=_reported(reason))
    if entry is None:
        gone = "" if row.act is Act.ADD else _("; the entry is gone")
        return Closing(row.number, RowState.FAILED, reason + gone)
    if row.act is Act.ADD:
        return looked_at(row, entry, schema) or Closing(row.number, RowState.FAILED, reason)
    if row.act is not Act.MODIFY and names.key(entry.dn) == names.key(row.dn):
        return Closing(row.number, RowState.FAILED, reason, found_in(entry, row, schema))
    found = found_in(entry, row, schema)
    if not _differing(row.before or (), found, schema):
        return Closing(row.number, RowState.FAILED, reason, found)
    said = _reported(reason)
    verified = verdict(row, None, entry, schema)
    if verified.state is RowState.VERIFIED:
        return Closing(row.number, RowState.VERIFIED, said, found)
    if _is_ours(row, found, schema):
        return Closing(row.number, RowState.DRIFTED, f"{verified.detail}; {said}", found)
    changed = [_said_of_plan(before, now) for before, now in _differing(row.before or (), found, schema)]
    return Closing(row.number, RowState.CONFLICT, "; ".join((*changed, said)), found)


def _reported(reason: str) -> str:
    return _("the server reported an error: {reason}").format(reason=reason)


def _is_ours(row: BatchRow, found: Sequence[Values], schema: Schema) -> bool:
    """Tell whether all values are old or planned ones: then it is the change that was made in part."""
    for before, planned, now in zip(row.before or (), _planned(row, schema), found, strict=True):
        rule = schema.rule(before.attribute)
        known = {value_key(rule, value) for value in (*before.values, *planned.values)}
        if not known.issuperset(value_key(rule, value) for value in now.values):
            return False
    return True


def verdict(row: BatchRow, before: Entry | None, entry: Entry | None, schema: Schema) -> Closing:
    """Say whether an entry that was read back is as planned, and all else as it was right before."""
    if row.act is Act.DELETE:
        still = _("the entry is still there")
        return Closing(row.number, RowState.DRIFTED, still) if entry else Closing(row.number, RowState.VERIFIED)
    if entry is None:
        return Closing(row.number, RowState.DRIFTED, _("the entry was gone when it was read back"))
    found = found_in(entry, row, schema)
    if row.act is Act.PASSWORD:
        has_moved = before is not None and any(before.get(v.attribute) != entry.get(v.attribute) for v in found)
        still = _("the directory does not show that the password was set")
        return Closing(row.number, RowState.VERIFIED if has_moved else RowState.DRIFTED, "" if has_moved else still)
    wrong = [
        _("{now}; as planned, {planned}").format(now=now.described(), planned=should_be.described())
        for should_be, now in _differing(_planned(row, schema), found, schema)
    ]
    wrong += [
        _("{now}; right before, {before}").format(now=now.described(), before=was.described())
        for was, now in _changed_besides(row, before, entry, schema)
    ]
    if row.act is Act.RENAME and names.key(entry.dn) != names.key(row.new_dn):
        wrong.append(_("the entry is at {dn}").format(dn=entry.dn))
    added = entry.text(schema.id) if row.act is Act.ADD else None
    return Closing(row.number, RowState.DRIFTED if wrong else RowState.VERIFIED, "; ".join(wrong), found, added or "")


def settled(row: BatchRow, entry: Entry | None, schema: Schema) -> Closing | None:
    """Say how a row ends of which nobody knows whether its request was carried out; None where it was not."""
    closing = obstacle(row, entry, schema)
    if row.act is Act.PASSWORD:
        # It was shown to nobody, or to somebody who does not know whether it holds.
        again = _("nobody knows whether the password was set: reset it again")
        return closing or Closing(row.number, RowState.FAILED, again)
    if closing is None or (entry is None and row.act is not Act.DELETE):
        return closing
    verified = verdict(row, None, entry, schema)
    return verified if verified.state is RowState.VERIFIED else closing


def _fixed(row: BatchRow, schema: Schema) -> Sequence[Values]:
    """Give what must still be as it was; of an entry that is deleted, not what the directory changes by itself."""
    if row.act is Act.PASSWORD:
        return []
    return [values for values in row.before or () if row.act is not Act.DELETE or not schema.is_volatile(values)]


def _planned(row: BatchRow, schema: Schema) -> list[Values]:
    return [applied(row.changes, before, schema.rule(before.attribute)) for before in row.before or ()]


def _changed_besides(row: BatchRow, before: Entry | None, after: Entry, schema: Schema) -> Iterator[Pair]:
    """Give the attributes that a row does not touch and that are other than right before."""
    if before is None or row.act is not Act.MODIFY:
        return
    touched = {values.attribute.lower() for values in row.before or ()}
    for name in sorted({*before.attributes, *after.attributes} - touched - schema.volatile):
        was, now = Values(name, before.get(name)), Values(name, after.get(name))
        if not same_values(schema.rule(name), was.values, now.values):
            yield was, now


def _differing(expected: Sequence[Values], found: Sequence[Values], schema: Schema) -> list[Pair]:
    held = {values.attribute: values for values in found}
    return [
        (one, held[one.attribute])
        for one in expected
        if not same_values(schema.rule(one.attribute), one.values, held[one.attribute].values)
    ]
