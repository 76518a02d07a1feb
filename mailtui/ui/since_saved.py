"""What has become different about a plan since it was saved."""

from collections.abc import Iterator

from mailtui.domain.batch import Batch, BatchRow, RowState
from mailtui.domain.change import Values
from mailtui.domain.plan import Plan, PlanRow
from mailtui.domain.rules import decode_text, same_values
from mailtui.domain.schema import Schema
from mailtui.texts import _


def news(saved: Batch, plan: Plan, schema: Schema) -> list[str]:
    """Give a sentence for each row of a saved batch that is not as it was, now that it is planned again."""
    now = {row.account_id: row for row in plan.rows}
    told = []
    for row in saved.rows:
        if row.state is RowState.PLANNED:
            what = "; ".join(_differences(row, now.get(row.account_id), schema))
            if what:
                told.append(_("{name} has changed since: {what}").format(name=row.name or row.login, what=what))
    return told


def _differences(row: BatchRow, now: PlanRow | None, schema: Schema) -> Iterator[str]:
    if now is None:
        yield _("gone from the directory")
        return
    if not now.changes:
        yield now.skip or now.conflict
    held = {values.attribute.lower(): values for values in now.before}
    for values in row.before or ():
        found = held.get(values.attribute.lower())
        if found and not _is_same(values, found, schema):
            yield _("{now}; before, {then}").format(now=found.described(), then=values.described())


def _is_same(then: Values, now: Values, schema: Schema) -> bool:
    if then.attribute.lower() == schema.account.status.lower():
        # A plan from the mirror knows what the status means, not how it is written.
        return schema.status(_text(then)) == schema.status(_text(now))
    return same_values(schema.rule(then.attribute), then.values, now.values)


def _text(values: Values) -> str | None:
    return decode_text(values.values[0]) if values.values else None
