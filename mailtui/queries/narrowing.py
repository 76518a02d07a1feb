"""What accounts must fulfil, each demand in the two forms that make it fast: tried on one account, or looked up."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

# Times as multiples of what it takes to list a row of the search index, or of a column's equal values: by row.
SCATTERED = 3
"""To list rows that come in another order than by row, as from a range of values."""
LINKED = 25
"""To list rows that are found one by one through something else, as the members of a group."""

_BELOW = (
    "(WITH RECURSIVE below(row) AS (SELECT value FROM json_each({units}) UNION"
    " SELECT u.row FROM below CROSS JOIN org_unit u ON u.parent_row = below.row) SELECT row FROM below)"
)


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that accounts must fulfil: `test` is SQL over `account a`.

    `rows` selects all who fulfil it by an index, each once, as `row`; None where only trying each account tells.
    To list one takes `weight`; `size` selects at least as many, and faster, where that is much.
    """

    test: str
    rows: str | None = None
    weight: int = SCATTERED
    size: str | None = None


NOBODY = Demand("0", "SELECT 0 AS row WHERE 0")
"""What no account fulfils."""


@dataclass(frozen=True, slots=True)
class Match:
    """A demand that the search index answers: an FTS5 expression; `test` as in `Demand`, None: only the index tells."""

    expression: str
    test: str | None = None


@dataclass(slots=True)
class Narrowing:
    """All that accounts must fulfil, and the values bound in it."""

    matches: list[Match] = field(default_factory=list)
    demands: list[Demand] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: object) -> str:
        """Keep a value for the statement; give the placeholder it is bound to."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def copy(self) -> "Narrowing":
        """Give one that can be added to."""
        return Narrowing(list(self.matches), list(self.demands), dict(self.values))

    def with_match(self, expression: str | None) -> "Narrowing":
        """Give one that asks the search index for something besides."""
        more = self.copy()
        if expression:
            more.matches.append(Match(f"({expression})"))
        return more

    @property
    def expression(self) -> str:
        """What is asked of the search index, as one FTS5 expression; empty for nothing."""
        return " AND ".join(match.expression for match in self.matches)


def units_below(units: str) -> str:
    """Give what selects units and all below them, as a table of `row`; theirs are given as a JSON list."""
    return _BELOW.format(units=units)


def those(narrowing: Narrowing, rows: Sequence[int]) -> Demand:
    """Give the demand to be one of some accounts."""
    listed = f"SELECT value AS row FROM json_each({narrowing.bind(json.dumps(list(rows)))})"
    return Demand(f"a.row IN ({listed})", listed, weight=1)


def only(narrowing: Narrowing, rows: Sequence[int]) -> Narrowing:
    """Give a narrowing to some accounts and nothing else, at the moment of another one."""
    within = Narrowing(values={"now": narrowing.values["now"]})
    within.demands.append(those(within, rows))
    return within


def as_term(tests: Sequence[str]) -> str:
    """Put tests together so that SQLite chooses no index by them."""
    return f"+({' AND '.join(tests) or '1'})"
