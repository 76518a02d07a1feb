"""What DESIGN section 10 asks of a cache, measured: python -m tests.bench [--folder F] [--accounts N ...] [GROUP ...].

A group is a module with `measure(caches)`, which gives measures of each cache; a new one is added to GROUPS.
`crashes` and `histories` are no groups but counts of their own: see `crashes --help`.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.bench import console, crashes, deltas, filling, histories, keystrokes, lists, looks, processes
from tests.bench.caches import Filled, filled
from tests.bench.measuring import Measure, table

Group = Callable[[Sequence[Filled]], Iterator[Measure]]
GROUPS: dict[str, Group] = {
    "keystrokes": keystrokes.measure,
    "lists": lists.measure,
    "looks": looks.measure,
    "processes": processes.measure,
    "filling": filling.measure,
    "console": console.measure,
    "deltas": deltas.measure,
}


def main() -> None:
    """Run the groups, and print one table."""
    if sys.argv[1:2] == ["crashes"]:
        sys.exit(crashes.main(sys.argv[2:]))
    if sys.argv[1:2] == ["histories"]:
        sys.exit(histories.main(sys.argv[2:]))
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}; all without")
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir(), "mailtui-bench"), help="where the caches are kept"
    )
    parser.add_argument("--accounts", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], metavar="N")
    given = parser.parse_args()
    if unknown := set(given.groups) - set(GROUPS):
        parser.error(f"no such group: {', '.join(unknown)}")
    given.folder.mkdir(parents=True, exist_ok=True)
    caches = [filled(given.folder, accounts) for accounts in given.accounts]
    measures: list[Measure] = []
    try:
        for name in given.groups or GROUPS:
            print(f"measuring {name}", file=sys.stderr)
            measures.extend(GROUPS[name](caches))
    finally:  # what was measured so far is worth reading when somebody stops the rest
        print(table(measures))


if __name__ == "__main__":
    main()
