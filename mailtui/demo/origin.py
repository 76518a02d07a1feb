"""Which sample company a shared directory began as: the first line of its log."""

import json
from dataclasses import dataclass
from pathlib import Path

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Company:
    """A sample company: everything else follows from these."""

    people: int
    seed: int


def first_line(company: Company) -> bytes:
    """Give the line that a log begins with."""
    record = {"version": _VERSION, "people": company.people, "seed": company.seed}
    return json.dumps(record).encode("ascii") + b"\n"


def read(log: Path) -> Company | None:
    """Tell which company a log began as; None where there is no log that this version can read."""
    try:
        with log.open("rb") as stream:
            record = json.loads(stream.readline())
        return Company(record["people"], record["seed"]) if record["version"] == _VERSION else None
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
