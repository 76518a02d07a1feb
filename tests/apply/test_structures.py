"""Random offices put through random tasks that move entries and change groups: taken back, they are as they were."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import ldap3
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mailtui.domain import dn as names
from mailtui.errors import Refused
from tests.apply.conftest import World
from tests.apply.desks import At, desk_at

_numbers = itertools.count(1)
_TAILS = st.sampled_from(["", ", Öl", "+x=1", ' "q" \\', " #", "张", "<b>"])
_SOME = st.sets(st.integers(0, 3), min_size=1, max_size=4)


@dataclass(frozen=True)
class Deed:
    """A task for some of the four people of an office."""

    task: str
    who: frozenset[int]
    group: int


@dataclass(frozen=True)
class Office:
    """Who manages whom, and who is in which of two groups."""

    tails: Sequence[str]
    managers: Sequence[int | None]
    members: Sequence[frozenset[int]]
    owners: Sequence[frozenset[int]]


OFFICES = st.builds(
    Office,
    st.lists(_TAILS, min_size=4, max_size=4),
    st.lists(st.none() | st.integers(0, 3), min_size=4, max_size=4),
    st.lists(_SOME.map(frozenset), min_size=2, max_size=2),
    st.lists(st.sets(st.integers(0, 3), max_size=2).map(frozenset), min_size=2, max_size=2),
)
DEEDS = st.builds(
    Deed,
    st.sampled_from(["join", "leave", "add-owner", "remove-owner", "create-group", "move", "rename", "edit"]),
    _SOME.map(frozenset),
    st.integers(0, 1),
)
_GONE = ("delete", "delete-group")
LAST = st.none() | st.builds(Deed, st.sampled_from(_GONE), _SOME.map(frozenset), st.integers(0, 1))

EMBEDDED = pytest.mark.parametrize("address", ["embedded"], indirect=True)
SLAPD = pytest.mark.parametrize("address", [pytest.param("slapd", marks=pytest.mark.server)], indirect=True)


def examples(count: int) -> settings:
    """Give settings by which the same examples are tried each time."""
    return settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        database=None,
        phases=[Phase.generate],
    )


def everything(world: World) -> dict[str, dict[str, set[bytes]]]:
    """Read all entries through the second client, byte for byte."""
    world.second.search(world.address.base, "(objectClass=*)", ldap3.SUBTREE, attributes=["*"])
    return {
        found["dn"]: {name: set(values) for name, values in found["raw_attributes"].items()}
        for found in world.second.response
    }


def furnished(world: World, office: Office, folder: Path) -> tuple[At, list[str], str]:
    """Set an office up; gives the desk, the groups and an empty unit."""
    dns = [world.person({"title": [b"Clerk"]}, tail) for tail in office.tails]
    for dn, manager in zip(dns, office.managers, strict=True):
        if manager is not None:
            world.change(dn, "manager", dns[manager].encode())
    groups = [
        world.group(*(dns[one] for one in inside), owners=[dns[one] for one in owning])
        for inside, owning in zip(office.members, office.owners, strict=True)
    ]
    unit = world.unit()
    place = folder / f"desk{next(_numbers)}"
    place.mkdir(mode=0o700)
    desk = desk_at(world.address, place)
    desk.sync(lambda _progress: None, Event())
    return At(desk, world, dns), groups, unit


def answers(deed: Deed, groups: Sequence[str], unit: str) -> dict[str, Any]:
    """Give the answers to a task's questions."""
    return {
        "move": {"to": unit},
        "rename": {"login": f"renamed{next(_numbers)}.{deed.group}"},
        "edit": {"title": f"Title {deed.group}", "manager": ""},
        "delete": {},
        "create-group": {"name": f"made{next(_numbers)}, Öl", "description": "Who is on"},
    }.get(deed.task, {"group": groups[deed.group]})


def apply_and_take_back(world: World, office: Office, deeds: Sequence[Deed], folder: Path) -> None:
    """Carry tasks out one after the other, and take them back in turn."""
    here, groups, unit = furnished(world, office, folder)
    ids = here.ids
    history = []
    for deed in deeds:
        chosen = sorted(deed.who)[:1] if deed.task == "rename" else sorted(deed.who)
        before = everything(world)
        try:
            wanted = [] if deed.task == "delete-group" else [ids[one] for one in chosen]
            plan = here.desk.plans.prepare(deed.task, wanted, answers(deed, groups, unit))
        except Refused:
            continue
        done = here.do(plan)
        assert done.is_clean, [(row.dn, row.state, row.detail) for row in done.rows]
        dangling = {dn for dn in named_in(everything(world), groups) if not exists(world, dn)}
        assert not dangling or deed.task in _GONE, dangling
        history.append((done, before))
    for done, before in reversed(history):
        if any(row.state == "verified" for row in done.rows):
            undone = here.do(here.desk.plans.prepare_undo(done.id))
            assert undone.is_clean, [(row.dn, row.state, row.detail) for row in undone.rows]
        assert everything(world) == before
        if done.task in _GONE:
            # What comes back has other ids: the batches before it know it no longer.
            return


def named_in(entries: dict[str, dict[str, set[bytes]]], groups: Sequence[str]) -> set[str]:
    """Give the DNs that groups and managers name."""
    named = {value for dn in groups for role in ("member", "owner") for value in entries.get(dn, {}).get(role, set())}
    named |= {value for held in entries.values() for value in held.get("manager", set())}
    return {value.decode() for value in named}


def exists(world: World, dn: str) -> bool:
    """Tell whether there is an entry."""
    wanted = names.key(dn)
    return any(names.key(one) == wanted for one in everything(world))


@EMBEDDED
@examples(15)
@given(office=OFFICES, deeds=st.lists(DEEDS, min_size=1, max_size=4), last=LAST)
def test_what_was_moved_and_regrouped_is_taken_back_byte_for_byte(
    world: World, tmp_path: Path, office: Office, deeds: list[Deed], last: Deed | None
) -> None:
    apply_and_take_back(world, office, [*deeds, *([last] if last else [])], tmp_path)


@SLAPD
@examples(8)
@given(office=OFFICES, deeds=st.lists(DEEDS, min_size=1, max_size=3), last=LAST)
def test_what_was_moved_and_regrouped_is_taken_back_byte_for_byte_on_slapd(
    world: World, tmp_path: Path, office: Office, deeds: list[Deed], last: Deed | None
) -> None:
    apply_and_take_back(world, office, [*deeds, *([last] if last else [])], tmp_path)
