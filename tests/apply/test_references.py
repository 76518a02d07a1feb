"""A server that keeps references itself, as OpenLDAP's refint: that is found done already, and undone all the same."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.apply.conftest import world_on
from tests.apply.desks import At, opening
from tests.apply.test_conflicts import states
from tests.servers.ldif import Record
from tests.servers.slapd import BASE_ENTRY, USUAL_ACCESS, SlapdOptions, slapd
from tests.servers.waiting import until

pytestmark = pytest.mark.server

PEOPLE: Record = ("ou=people,dc=example,dc=com", {"objectClass": ["top", "organizationalUnit"], "ou": ["people"]})
KEEPING = """
moduleload refint
overlay refint
refint_attributes member owner manager
"""


@pytest.fixture(params=["", "refint_nothing cn=nobody\n"], ids=["gone", "nobody"])
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[At]:
    """Give a desk with a boss and two who report to her, on a server that may put a name in place of one gone."""
    options = SlapdOptions(access=USUAL_ACCESS + KEEPING + request.param)
    with slapd([BASE_ENTRY, PEOPLE], options) as address, world_on(address, tmp_path / "journal.db") as world:
        opened = opening(world, tmp_path)(3)
        for dn in opened.dns[1:]:
            world.change(dn, "manager", opened.dns[0].encode())
        yield opened


TASKS: list[tuple[str, int, dict[str, Any]]] = [
    ("move", 1, {}),
    ("move", 3, {}),
    ("rename", 1, {"login": "anew"}),
    ("delete", 1, {}),
    ("delete", 2, {}),
]


@pytest.mark.parametrize(("task", "count", "answers"), TASKS)
def test_what_the_server_did_itself_is_skipped_and_comes_back(
    here: At, task: str, count: int, answers: dict[str, Any]
) -> None:
    group = here.world.group(*here.dns)
    to = {"to": here.world.unit()} if task == "move" else {}
    here.desk.sync(lambda _progress: None, Event())
    before = here.world.entries([*here.dns, group])
    batch = here.do(here.desk.plans.prepare(task, here.ids[:count], answers | to))
    assert set(states(batch)) == {"verified", "skipped"}
    undone = here.do(here.desk.plans.prepare_undo(batch.id))
    assert set(states(undone)) <= {"verified", "skipped"}
    # The server does it when it has time (slapo-refint(5)).
    until(lambda: here.world.entries([*here.dns, group]) == before, "all to be named as before")
    again = here.do(here.desk.plans.prepare_undo(undone.id))
    assert set(states(again)) <= {"verified", "skipped"}
