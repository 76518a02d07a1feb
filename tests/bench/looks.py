"""Looking at one thing: an account whole, one by its exact key, the children of a unit."""

import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice

from mailtui.domain.mirror import AccountRecord
from mailtui.queries.lists import match
from mailtui.queries.mirror import Mirror
from mailtui.queries.views import View
from tests.bench.caches import Filled
from tests.bench.company import FIELD, STORES, Company
from tests.bench.measuring import Measure, milliseconds

LIST = "a list of 1,000 matched"


def measure(caches: Sequence[Filled]) -> Iterator[Measure]:
    """What opens on Enter."""
    for cache in caches:
        with closing(Mirror(cache.path)) as mirror:
            lines = mirror.lines(mirror.first(View(), 50).rows)
            rows, account = [line.row for line in lines], lines[25]
            window = milliseconds(lambda: mirror.lines(rows), 50)  # noqa: B023
            pasted = a_list(cache.accounts)
            acts = {
                "detail opened": lambda: mirror.account(account.id),  # noqa: B023
                "account by log-in": lambda: mirror.exact(account.login),  # noqa: B023
                "account by address": lambda: mirror.exact(account.mail or ""),  # noqa: B023
                "age of the mirror": mirror.state,
                LIST: lambda: match(mirror, pasted),  # noqa: B023
                "tree: 500 children": lambda: mirror.children(FIELD),
                "tree: 5,000 children": lambda: mirror.children(STORES),
            }
            for what, act in acts.items():
                yield Measure(
                    what, cache.accounts, milliseconds(act, 2 if what.startswith("a list") else 5), "ms", window
                )


def a_list(accounts: int) -> str:
    """A list of a thousand names, addresses and numbers, some misspelt."""
    chance = random.Random(2)
    stream = (record for record in Company(accounts).records() if isinstance(record, AccountRecord))
    forms = (
        lambda r: r.mail,
        lambda r: r.employee_number,
        lambda r: r.name,
        lambda r: r.name[1:] + "x",
        lambda r: r.login,
    )
    return "\n".join(str(chance.choice(forms)(record)) for record in islice(stream, 1000))
