"""What is measured, beside a fixed reference of the same run: machines compare by the ratio alone."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Measure:
    """One cell of the table: `amount` in `unit`; `reference` of the same unit, None where the amount speaks alone."""

    what: str
    accounts: int
    amount: float
    unit: str = "ms"
    reference: float | None = None


def milliseconds(act: Callable[[], object], times: int = 5) -> float:
    """How long something takes at best."""
    return min(_once(act) for _ in range(times))


def _once(act: Callable[[], object]) -> float:
    begun = perf_counter()
    act()
    return 1000 * (perf_counter() - begun)


def percentile(values: Iterable[float], percent: int) -> float:
    """The value that so many percent do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def table(measures: Sequence[Measure]) -> str:
    """All measures: a line for what was measured, a column for each size."""
    sizes = sorted({measure.accounts for measure in measures})
    cells = {(measure.what, measure.accounts): _cell(measure) for measure in measures}
    lines = [f"{'':44}" + "".join(f"{size:>26,}" for size in sizes)]
    lines += [
        f"{what:44}" + "".join(f"{cells.get((what, size), ''):>26}" for size in sizes)
        for what in dict.fromkeys(measure.what for measure in measures)
    ]
    return "\n".join(lines)


def _cell(measure: Measure) -> str:
    amount = (
        f"{measure.amount:,.2f} {measure.unit}" if measure.amount < 100 else f"{measure.amount:,.0f} {measure.unit}"
    )
    return f"{amount} {measure.amount / measure.reference:8.2f} x" if measure.reference else amount
