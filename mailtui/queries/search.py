"""A question turned into SQL: what was typed only ever reaches it as a bound value, quoted for FTS5."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from mailtui.cache.folding import apart, digits, fold, stored_address_key, words
from mailtui.cache.layout import unit_token
from mailtui.domain.language import Question
from mailtui.queries.conditions import add_condition
from mailtui.queries.narrowing import NOBODY, Demand, Match, Narrowing
from mailtui.queries.places import any_of, domains_named, in_units, no_word, quoted, units_named

_PHONE_SIGNS = frozenset("0123456789+()-/. ")
_PHONE_DIGITS = 5
# A word that more units than this bear (team, department) does not say where; `dept:` takes them all.
_MOST_PLACES = 200
_HIGHEST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Search:
    """A question made ready: `narrowing` holds for all hits; `who` are keys of their own, `anywhere` units' as well.

    Both are FTS5 expressions; None where there is nothing to ask.
    """

    narrowing: Narrowing
    who: str | None = None
    anywhere: str | None = None


def nothing(now: int) -> Search:
    """Give what finds nobody."""
    return Search(Narrowing(demands=[NOBODY], values={"now": now}))


def prepare(connection: sqlite3.Connection, question: Question, unit_row: int | None, now: int) -> Search:
    """Make a question ready to be asked below a unit (None: everywhere)."""
    narrowing = Narrowing(values={"now": now})
    if unit_row is not None:
        narrowing.matches.append(in_units(narrowing, [unit_row]))
    for condition in question.conditions:
        add_condition(connection, narrowing, condition, now)
    plain = [word for word in question.words if not _add_address(connection, narrowing, word)]
    if not plain:
        return Search(narrowing)
    # A sign that stands alone (R & D) narrows nothing, but signs alone are nobody's name.
    plain = [word for word in plain if _own_keys(word)] or plain
    own = [_own_keys(word) for word in plain]
    who = _who(question.text, own)
    places = [_places(connection, word) for word in plain]
    together = _places(connection, " ".join(plain)) if len(plain) > 1 else []
    if not any(places) and not together:
        return Search(narrowing, who)
    either = [_either(keys, any_of(tokens) if tokens else None) for keys, tokens in zip(own, places, strict=True)]
    apiece = " AND ".join(part or no_word() for part in either)
    return Search(narrowing, who, f"({apiece}) OR {any_of(together)}" if together else apiece)


def _who(text: str, own: Sequence[str | None]) -> str:
    who = " AND ".join(part or no_word() for part in own)
    number = digits(text)
    if len(number) >= _PHONE_DIGITS and set(text) <= _PHONE_SIGNS:
        return f"({who}) OR {quoted(number)} *"
    return who


def _either(left: str | None, right: str | None) -> str | None:
    return f"({left} OR {right})" if left and right else left or right


def _own_keys(word: str) -> str | None:
    """Give the FTS5 expression for the beginning of a key; None for a word without letter or digit."""
    runs = ("".join(run) for _is_apart, run in groupby(fold(word), key=lambda c: apart(c) != c))
    phrases = [" ".join(found) for run in runs if (found := words(apart(run)))]
    return "(" + " AND ".join(f"{quoted(phrase)} *" for phrase in phrases) + ")" if phrases else None


def _places(connection: sqlite3.Connection, text: str) -> list[str]:
    """Give the search keys of the units and mail domains that a word, or all words in a row, may mean."""
    key = " ".join(words(apart(fold(text))))
    if len(key) < 2 and key.isascii():
        return []
    tokens = [unit_token(row) for row in units_named(connection, key, _MOST_PLACES + 1)]
    tokens += domains_named(connection, "'.' || name", "." + fold(text).strip("."))
    return tokens if len(tokens) <= _MOST_PLACES else []


def _add_address(connection: sqlite3.Connection, narrowing: Narrowing, word: str) -> bool:
    """Narrow to the addresses that begin with a word, if it looks like the beginning of one."""
    local, at, _domain = word.partition("@")
    if not at:
        return False
    key = stored_address_key(word)
    if local:
        low, high = narrowing.bind(key), narrowing.bind(key + _HIGHEST)
        rows = (
            f"SELECT DISTINCT account_row AS row FROM address WHERE key >= {low} AND key < {high} AND kind <> 'forward'"
        )
        narrowing.demands.append(Demand(f"a.row IN ({rows})", rows))
        return True
    tokens = domains_named(connection, "'@' || name", key)
    narrowing.matches.append(Match(any_of(tokens))) if tokens else narrowing.demands.append(NOBODY)
    return True
