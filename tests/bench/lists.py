"""Long lists: their first window in every order, the whole of them, and what is done with all of their rows."""

from collections.abc import Iterator, Sequence
from contextlib import closing

from mailtui.queries.mirror import Mirror
from mailtui.queries.views import Sort, View
from tests.bench.caches import Filled
from tests.bench.company import FIELD
from tests.bench.measuring import Measure, milliseconds

WINDOW = 50


def measure(caches: Sequence[Filled]) -> Iterator[Measure]:
    """Lists of everybody, and of the department with a tenth of everybody."""
    for cache in caches:
        with closing(Mirror(cache.path)) as mirror:
            rows = mirror.first(View(), WINDOW).rows
            window = milliseconds(lambda: mirror.lines(rows), 50)  # noqa: B023
            for what, amount in _amounts(mirror):
                yield Measure(what, cache.accounts, amount, "ms", window)


def _amounts(mirror: Mirror) -> Iterator[tuple[str, float]]:
    yield "department, first window", _first(mirror, View(unit=FIELD))
    yield "department, all rows", _whole(mirror, View(unit=FIELD))
    for sort in (Sort.PERCENT, Sort.USED, Sort.LAST_LOGIN, Sort.STANDING):
        view = View(unit=FIELD, sort=sort, reverse=True)
        yield f"department by {sort}, first window", _first(mirror, view)
        yield f"department by {sort}, all rows", _whole(mirror, view)
    for sort in Sort:
        for reverse in (False, True):
            view, name = View(sort=sort, reverse=reverse), f"everybody by {sort}{' reversed' * reverse}"
            yield f"{name}, first window", _first(mirror, view)
            yield f"{name}, all rows", _whole(mirror, view)
    everybody = mirror.hits(View()).rows
    yield "jump to the end, rows at hand", milliseconds(lambda: mirror.lines(everybody[-WINDOW:]))
    marked = mirror.hits(View(unit=FIELD)).rows
    yield "mark the department: ids", milliseconds(lambda: mirror.ids_of(marked), 2)
    yield "marks still there, everybody", milliseconds(lambda: mirror.still_there(everybody), 2)
    yield "marks carried over, everybody", milliseconds(lambda: mirror.carried_over(everybody), 2)


def _first(mirror: Mirror, view: View) -> float:
    return milliseconds(lambda: mirror.lines(mirror.first(view, WINDOW).rows), 3)


def _whole(mirror: Mirror, view: View) -> float:
    return milliseconds(lambda: mirror.hits(view), 2)
