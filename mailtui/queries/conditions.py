"""Structured words (dept:sales quota>90) turned into demands; their values are only ever bound."""

import json
import sqlite3

from mailtui.cache.folding import apart, fold, words
from mailtui.cache.layout import TITLE_MARK, UNLIMITED, from_stored
from mailtui.domain import language
from mailtui.domain.language import Condition, Field
from mailtui.queries.narrowing import LINKED, NOBODY, SCATTERED, Demand, Match, Narrowing, units_below
from mailtui.queries.places import in_units, quoted, units_named
from mailtui.queries.reading import STANDING, STANDS

_DAY = 86_400_000_000
# The search index takes units one by one for each account; beyond this, to know an account's own unit is faster.
_MOST_UNITS = 50
_COLUMNS = {
    Field.QUOTA: "percent",
    Field.USED: "used_bytes",
    Field.LIMIT: "limit_bytes",
    Field.GROWTH: "growth",
}
# Idle for longer means that the last log-in is earlier.
_EARLIER = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "<>": "<>"}
_OPPOSITE = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "=": "<>"}


def add_condition(connection: sqlite3.Connection, narrowing: Narrowing, condition: Condition, now: int) -> None:
    """Narrow to those who fulfil a structured word at a moment."""
    match condition.field:
        case Field.DEPT:
            _add_units(connection, narrowing, condition)
        case Field.TITLE:
            marked = " ".join(TITLE_MARK + word for word in words(apart(fold(condition.value))))
            _add_match(narrowing, f"{quoted(marked)} *", is_negated=condition.is_negated)
        case Field.GROUP:
            narrowing.demands.append(_in_group(narrowing, condition))
        case Field.IS:
            narrowing.demands.append(_standing(narrowing, condition))
        case _:
            narrowing.demands.append(_compared(narrowing, condition, now))


def _add_units(connection: sqlite3.Connection, narrowing: Narrowing, condition: Condition) -> None:
    units = units_named(connection, " ".join(words(apart(fold(condition.value)))))
    if not condition.is_negated and len(units) <= _MOST_UNITS:
        narrowing.matches.append(in_units(narrowing, units)) if units else narrowing.demands.append(NOBODY)
        return
    below = connection.execute(
        f"SELECT json_group_array(row) FROM {units_below(':units')}", {"units": json.dumps(units)}
    )
    all_units = f"(SELECT value FROM json_each({narrowing.bind(below.fetchone()[0])}))"
    rows = f"SELECT row FROM account WHERE unit_row IN {all_units}"
    test = f"coalesce(a.unit_row, 0) {'NOT ' * condition.is_negated}IN {all_units}"
    narrowing.demands.append(Demand(test, None if condition.is_negated else rows))


def _add_match(narrowing: Narrowing, expression: str, *, is_negated: bool) -> None:
    if is_negated:
        bound = narrowing.bind(expression)
        narrowing.demands.append(Demand(f"a.row NOT IN (SELECT rowid FROM search WHERE search MATCH {bound})"))
    else:
        narrowing.matches.append(Match(expression))


def _in_group(narrowing: Narrowing, condition: Condition) -> Demand:
    name = narrowing.bind(fold(condition.value))
    named = f"(SELECT row FROM directory_group WHERE instr(' ' || name_key, ' ' || {name}))"
    test = (
        "EXISTS (SELECT 1 FROM membership m WHERE m.dn_key = a.dn_key AND m.role = 'member'"
        f" AND +m.group_row IN {named})"
    )
    rows = (
        "SELECT DISTINCT o.row FROM membership m CROSS JOIN account o ON o.dn_key = m.dn_key"
        f" WHERE m.role = 'member' AND m.group_row IN {named}"
    )
    size = f"SELECT 1 FROM membership m WHERE m.group_row IN {named}"
    return Demand(f"NOT {test}") if condition.is_negated else Demand(test, rows, LINKED, size)


def _compared(narrowing: Narrowing, condition: Condition, now: int) -> Demand:
    operator = "=" if condition.field is Field.KIND else condition.operator
    operator = _OPPOSITE[operator] if condition.is_negated else operator
    match condition.field:
        case Field.KIND:
            column, value = "kind", narrowing.bind(condition.value)
        case Field.IDLE:
            column, value = "last_login", narrowing.bind(now - int(condition.number * _DAY))
            operator = _EARLIER[operator]
        case Field.FULL:
            column, value = "full_likely", narrowing.bind(_today(now) + int(condition.number))
        case _:
            column, value = _COLUMNS[condition.field], narrowing.bind(condition.number)
    rows = f"SELECT row FROM account WHERE {column} {operator} {value}"
    return Demand(f"a.{column} {operator} {value}", rows, 1 if operator == "=" else SCATTERED)


def _today(now: int) -> int:
    moment = from_stored(now)
    assert moment
    return moment.astimezone().date().toordinal()


def _standing(narrowing: Narrowing, condition: Condition) -> Demand:
    match condition.value:
        case language.UNLIMITED:
            test, rows = f"a.limit_bytes IS {UNLIMITED}", f"SELECT row FROM account WHERE limit_bytes = {UNLIMITED}"
        case language.FULL:
            test, rows = "coalesce(a.percent, 0) >= 100", "SELECT row FROM account WHERE percent >= 100"
        case language.NEVER:
            test, rows = "a.is_unused IS 1", "SELECT row FROM account WHERE is_unused = 1"
        case _:
            value = narrowing.bind(condition.value)
            test = f"{STANDING} = {value}"
            rows = f"SELECT a.row FROM account a WHERE {STANDS.get(condition.value, f'a.standing = {value}')}"
    return Demand(f"NOT ({test})") if condition.is_negated else Demand(test, rows, weight=1)
