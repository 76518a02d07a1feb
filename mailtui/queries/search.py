"""A question turned into SQL: what was typed only ever reaches it as a bound value, quoted for FTS5."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from mailtui.cache.folding import apart, digits, fold, stored_address_key, words
from mailtui.cache.layout import TITLE_MARK, UNLIMITED, domain_token, unit_token
from mailtui.queries.language import Condition, Field, Question
from mailtui.queries.reading import STANDING

_DAY = 86_400_000_000
_PHONE_SIGNS = frozenset("0123456789+()-/. ")
_PHONE_DIGITS = 5
# A word that more units than this bear (team, department) does not say where; `dept:` takes them all.
_MOST_PLACES = 200
_HIGHEST = "\U0010ffff"
_COLUMNS = {Field.QUOTA: "a.percent", Field.USED: "a.used_bytes", Field.LIMIT: "a.limit_bytes"}
# Idle for longer means that the last log-in is earlier.
_EARLIER = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "="}
_NOBODY = "0"


@dataclass(slots=True)
class Narrowing:
    """What accounts must fulfil: parts of an FTS5 expression, and SQL over `account a` with its bound values."""

    matches: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: object) -> str:
        """Keep a value for the statement; give the placeholder it is bound to."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"


@dataclass(frozen=True, slots=True)
class Search:
    """A question made ready: `narrowing` holds for all hits; `who` are keys of their own, `anywhere` units' as well.

    Both are FTS5 expressions; None where there is nothing to ask.
    """

    narrowing: Narrowing
    who: str | None = None
    anywhere: str | None = None


def prepare(connection: sqlite3.Connection, question: Question, unit_row: int | None, now: int) -> Search:
    """Make a question ready to be asked below a unit (None: everywhere)."""
    narrowing = Narrowing(values={"now": now})
    if unit_row is not None:
        narrowing.matches.append(_any_of([unit_token(unit_row)]))
    for condition in question.conditions:
        _add_condition(connection, narrowing, condition, now)
    plain = [word for word in question.words if not _add_address(connection, narrowing, word)]
    if not plain:
        return Search(narrowing)
    # A sign that stands alone (R & D) narrows nothing, but signs alone are nobody's name.
    plain = [word for word in plain if _own_keys(word)] or plain
    own = [_own_keys(word) for word in plain]
    places = [_places(connection, word) for word in plain]
    who = _who(question.text, own)
    together = _places(connection, " ".join(plain)) if len(plain) > 1 else []
    if not any(places) and not together:
        return Search(narrowing, who)
    either = [_either(keys, _any_of(tokens) if tokens else None) for keys, tokens in zip(own, places, strict=True)]
    apiece = " AND ".join(part or _nothing() for part in either)
    return Search(narrowing, who, f"({apiece}) OR {_any_of(together)}" if together else apiece)


def _who(text: str, own: Sequence[str | None]) -> str:
    who = " AND ".join(part or _nothing() for part in own)
    number = digits(text)
    if len(number) >= _PHONE_DIGITS and set(text) <= _PHONE_SIGNS:
        return f"({who}) OR {_quoted(number)} *"
    return who


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _nothing() -> str:
    return _quoted("")


def _any_of(tokens: Sequence[str]) -> str:
    return "(" + " OR ".join(map(_quoted, tokens)) + ")"


def _either(left: str | None, right: str | None) -> str | None:
    return f"({left} OR {right})" if left and right else left or right


def _own_keys(word: str) -> str | None:
    """Give the FTS5 expression for the beginning of a key; None for a word without letter or digit."""
    runs = ("".join(run) for _is_apart, run in groupby(fold(word), key=lambda c: apart(c) != c))
    phrases = [" ".join(found) for run in runs if (found := words(apart(run)))]
    return "(" + " AND ".join(f"{_quoted(phrase)} *" for phrase in phrases) + ")" if phrases else None


def _places(connection: sqlite3.Connection, text: str) -> list[str]:
    """Give the search keys of the units and mail domains that a word, or all words in a row, may mean."""
    key = " ".join(words(apart(fold(text))))
    if len(key) < 2 and key.isascii():
        return []
    found = _units(connection, key) + _domains(connection, "'.' || name", "." + fold(text).strip("."))
    return found if len(found) <= _MOST_PLACES else []


def _units(connection: sqlite3.Connection, key: str) -> list[str]:
    rows = connection.execute("SELECT row FROM org_unit WHERE instr(keys, ' ' || ?) ORDER BY row", (key,))
    return [unit_token(row[0]) for row in rows] if key else []


def _domains(connection: sqlite3.Connection, name: str, key: str) -> list[str]:
    rows = connection.execute(f"SELECT row FROM mail_domain WHERE instr({name}, ?) ORDER BY row", (key,))
    return [domain_token(row[0]) for row in rows] if len(key) > 1 else []


def _add_address(connection: sqlite3.Connection, narrowing: Narrowing, word: str) -> bool:
    """Narrow to the addresses that begin with a word, if it looks like the beginning of one."""
    local, at, _domain = word.partition("@")
    if not at:
        return False
    key = stored_address_key(word)
    if local:
        low, high = narrowing.bind(key), narrowing.bind(key + _HIGHEST)
        narrowing.conditions.append(
            f"a.row IN (SELECT account_row FROM address WHERE key >= {low} AND key < {high} AND kind <> 'forward')"
        )
        return True
    tokens = _domains(connection, "'@' || name", key)
    narrowing.matches.append(_any_of(tokens)) if tokens else narrowing.conditions.append(_NOBODY)
    return True


def _add_condition(connection: sqlite3.Connection, narrowing: Narrowing, condition: Condition, now: int) -> None:
    match condition.field:
        case Field.DEPT:
            tokens = _units(connection, " ".join(words(apart(fold(condition.value)))))
            _add_match(narrowing, _any_of(tokens) if tokens else _nothing(), condition)
        case Field.TITLE:
            marked = " ".join(TITLE_MARK + word for word in words(apart(fold(condition.value))))
            _add_match(narrowing, f"{_quoted(marked)} *", condition)
        case _:
            sql = _sql(narrowing, condition, now)
            narrowing.conditions.append(f"NOT ({sql})" if condition.is_negated else sql)


def _add_match(narrowing: Narrowing, match: str, condition: Condition) -> None:
    if condition.is_negated:
        bound = narrowing.bind(match)
        narrowing.conditions.append(f"a.row NOT IN (SELECT rowid FROM search WHERE search MATCH {bound})")
    else:
        narrowing.matches.append(match)


def _sql(narrowing: Narrowing, condition: Condition, now: int) -> str:
    match condition.field:
        case Field.GROUP:
            return (
                "a.dn_key IN (SELECT m.dn_key FROM membership m JOIN directory_group g ON g.row = m.group_row WHERE"
                f" m.role = 'member' AND instr(' ' || g.name_key, ' ' || {narrowing.bind(fold(condition.value))}))"
            )
        case Field.KIND:
            return f"a.kind = {narrowing.bind(condition.value)}"
        case Field.IS:
            return _standing(narrowing, condition.value)
        case Field.IDLE:
            moment = narrowing.bind(now - int(condition.number * _DAY))
            return f"a.last_login {_EARLIER[condition.operator]} {moment}"
        case _:
            return f"{_COLUMNS[condition.field]} {condition.operator} {narrowing.bind(condition.number)}"


def _standing(narrowing: Narrowing, value: str) -> str:
    if value == "unlimited":
        return f"a.limit_bytes IS {narrowing.bind(UNLIMITED)}"
    # The plain comparison beside the time-dependent one lets an index find the few before it is worked out for each.
    stored = ("active", "expired") if value == "expired" else (value,)
    bound = ", ".join(narrowing.bind(name) for name in stored)
    return f"a.standing IN ({bound}) AND {STANDING} = {narrowing.bind(value)}"
