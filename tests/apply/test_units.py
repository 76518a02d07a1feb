"""Org units made, renamed, moved and deleted, on the embedded directory and on slapd: taken back, all is as it was."""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import ldap3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.apply.batches import carry_out
from mailtui.demo.address import DemoAddress
from mailtui.desk import OPERATOR, Desk
from mailtui.domain import dn as names
from mailtui.domain.batch import Batch, RowState
from mailtui.domain.plan import Friction, Plan
from mailtui.domain.policy import Department, Policy
from mailtui.domain.rights import OperatorRule, Role
from mailtui.errors import Refused, Unreachable
from mailtui.queries.views import UnitLine, View
from tests.apply.conftest import World, connected, world_on
from tests.apply.desks import At, desk_at
from tests.apply.test_structures import EMBEDDED, SLAPD, everything, examples
from tests.servers.ldif import Record
from tests.servers.proxy import proxied
from tests.servers.rules import Action, Kind
from tests.servers.rules import At as AtMessage
from tests.servers.slapd import BASE_ENTRY, SlapdOptions, slapd

_numbers = itertools.count(1)


@dataclass
class Town(At):
    """A desk on a tree of units of its own, all below `top`."""

    top: str

    def unit(self, name: str, below: str = "", rdn: str = "") -> str:
        """Add a unit through the second client; give its DN as the server spells it."""
        dn = f"{rdn},{below or self.top}" if rdn else names.join("ou", name, below or self.top)
        more = {"l": "Berlin"} if "l=" in rdn else {}
        self.world.second.add(dn, ["top", "organizationalUnit"], {"ou": name, **more})
        self.world.second.search(dn, "(objectClass=*)", ldap3.BASE, attributes=["1.1"])
        return str(self.world.second.response[0]["dn"])

    def person(self, below: str, **values: str) -> str:
        """Add a person; give the DN."""
        login = f"townee{next(_numbers)}"
        dn = names.join("uid", login, below)
        known = {"cn": login, "sn": login, "mail": f"{login}@example.com"}
        self.world.second.add(dn, ["top", "inetOrgPerson", "mailUser"], known | values)
        return dn

    def group(self, below: str, *members: str, owners: Sequence[str] = ()) -> str:
        """Add a group; give its DN."""
        name = f"team{next(_numbers)}"
        dn = names.join("cn", name, below)
        owned = {"owner": list(owners)} if owners else {}
        self.world.second.add(dn, ["top", "groupOfNames"], {"cn": name, "member": list(members), **owned})
        return dn

    def sync(self) -> int:
        """Bring the mirror up to date; give how many accounts were other than mirrored."""
        counts = self.desk.sync(lambda _progress: None, Event()).counts
        return counts.added + counts.changed + counts.gone

    def ask(self, task: str, **answers: Any) -> Plan:
        """Plan a task that is about a unit."""
        return self.desk.plans.prepare(task, (), answers)

    def have(self, task: str, **answers: Any) -> Batch:
        """Carry it out; every row must be verified, or skipped."""
        done = self.do(self.ask(task, **answers))
        assert done.is_clean, [(row.dn, row.state, row.detail) for row in done.rows]
        return done

    def take_back(self, batch: Batch) -> Batch:
        """Undo a batch; every row must be verified, or skipped."""
        undone = self.do(self.desk.plans.prepare_undo(batch.id))
        assert undone.is_clean, [(row.dn, row.state, row.detail) for row in undone.rows]
        return undone

    def mirrored(self) -> Any:
        """Give all that the mirror shows: the tree with its counts, and the accounts with their groups."""
        with closing(self.desk.mirror()) as mirror:
            accounts = mirror.accounts(View(), 10_000)
            told = sorted((one.dn, one.department_path, one.kind, one.manager, one.groups) for one in accounts)
            found = {one.id: [line.login for line in mirror.accounts(View(unit=one.id), 99)] for one in _all(mirror)}
            groups = mirror.ask("SELECT dn, dn_key FROM directory_group ORDER BY dn", {})
            return told, found, [(one.dn, one.name, one.accounts) for one in _all(mirror)], groups

    def whole(self) -> Any:
        """Give the same after a full load, and see that a delta finds nothing to change before."""
        assert self.sync() == 0
        told = self.mirrored()
        self.desk.sync(lambda _progress: None, Event(), is_full=True)
        return told


def _all(mirror: Any, above: str | None = None) -> Iterator[UnitLine]:
    for unit in mirror.children(above):
        yield unit
        yield from _all(mirror, unit.id)


def town(world: World, folder: Path, policy: Policy | None = None) -> Town:
    """Open a desk at a tree that holds nothing yet."""
    top = world.unit()
    place = folder / f"desk{next(_numbers)}"
    place.mkdir(mode=0o700)
    return Town(desk_at(world.address, place, policy), world, [], top)


def test_a_unit_is_made_found_at_once_and_taken_back(world: World, tmp_path: Path) -> None:
    here = town(world, tmp_path)
    here.sync()
    before = everything(world)
    name = 'Labs, "R&D" + #1 张'
    done = here.have("create-unit", name=f" {name} ", below=here.top)
    dn = names.join("ou", name, here.top)
    assert here.world.values(dn, "ou") == {name.encode()}
    with closing(here.desk.mirror()) as mirror:
        assert [one.name for one in _all(mirror) if one.id == done.rows[0].account_id] == [name]
    with pytest.raises(Refused, match="already"):
        here.ask("create-unit", name=name.upper(), below=here.top)
    here.take_back(done)
    assert everything(world) == before
    assert here.mirrored() == here.whole() == here.mirrored()


def test_a_unit_moves_with_all_that_is_in_it_and_whatever_names_that(world: World, tmp_path: Path) -> None:
    here = town(world, tmp_path)
    old, target = here.unit("Research"), here.unit("Engineering")
    labs = here.unit("Labs, Öl", old)
    chief = here.person(old)
    inside = [here.person(labs, manager=chief) for _ in range(3)]
    outside = here.person(here.top, manager=inside[0])
    other = here.person(here.top)
    team = here.group(labs, inside[0], other, owners=[chief])
    wide = here.group(here.top, *inside, chief, other, team, labs, owners=[inside[1]])
    here.sync()
    before, seen = everything(world), here.mirrored()
    plan = here.ask("move-unit", unit=old, below=target)
    assert (plan.size, plan.friction) == (4, Friction.COUNT)
    assert len([row for row in plan.rows if row.dn == wide]) == 1
    done = here.do(plan)
    assert done.is_clean, [(row.dn, row.state, row.detail) for row in done.rows]
    after = everything(world)
    moved = {dn: names.moved(dn, old, names.join("ou", "Research", target)) for dn in (old, labs, chief, *inside, team)}
    assert set(moved.values()) <= set(after)
    assert not set(moved) & set(after)
    assert after[wide]["member"] == {
        one.encode() for one in [*(moved[dn] for dn in (*inside, chief, team, labs)), other]
    }
    assert after[moved[team]]["owner"] == {moved[chief].encode()}
    assert after[outside]["manager"] == {moved[inside[0]].encode()}
    assert here.mirrored() == here.whole() == here.mirrored()
    here.take_back(done)
    assert everything(world) == before
    assert here.mirrored() == seen == here.whole()


def test_a_unit_gets_another_name_whatever_it_is_named_by(world: World, tmp_path: Path) -> None:
    here = town(world, tmp_path)
    plain, double, spelled = here.unit("Sales"), here.unit("Shop", rdn="ou=Shop+l=Berlin"), here.unit("A", rdn="OU=A")
    for unit in (plain, double, spelled):
        here.person(unit)
    here.sync()
    before = everything(world)
    history = [
        here.have("rename-unit", unit=plain, to="Sales, Europe"),
        here.have("rename-unit", unit=double, to="Store"),
        here.have("rename-unit", unit=spelled, to="a"),
    ]
    store, sales = names.renamed(double, names.UNIT_NAMES, "Store")[1], names.join("ou", "Sales, Europe", here.top)
    history.append(here.have("move-unit", unit=store, below=sales))
    assert here.mirrored() == here.whole() == here.mirrored()
    for done in reversed(history):
        here.take_back(done)
    assert everything(world) == before
    assert here.mirrored() == here.whole() == here.mirrored()


def test_what_cannot_be_is_refused_and_what_is_so_already_is_told(world: World, tmp_path: Path) -> None:
    here = town(world, tmp_path)
    one, two = here.unit("One"), here.unit("Two")
    below = here.unit("Two", one)
    here.world.change(one, "ou", b"One", b"Uno")
    here.sync()
    for task, answers, why in (
        ("move-unit", {"unit": one, "below": below}, "below itself"),
        ("move-unit", {"unit": one, "below": one}, "below itself"),
        ("move-unit", {"unit": two, "below": one}, "already"),
        ("rename-unit", {"unit": one, "to": "TWO"}, "already"),
        ("rename-unit", {"unit": one, "to": "uno"}, "also called"),
        ("rename-unit", {"unit": here.world.address.base, "to": "x"}, "base"),
        ("delete-unit", {"unit": one}, "not empty"),
    ):
        with pytest.raises(Refused, match=why):
            here.ask(task, **answers)
    for task, answers in (("move-unit", {"unit": one, "below": here.top}), ("rename-unit", {"unit": one, "to": "One"})):
        plan = here.ask(task, **answers)
        assert not plan.changing
        assert plan.rows[0].skip
    here.have("move-unit", unit=below, below=here.world.address.base)
    here.have("delete-unit", unit=names.join("ou", "Two", here.world.address.base))


def test_an_empty_unit_goes_and_comes_back_but_one_that_was_filled_meanwhile_stays(
    world: World, tmp_path: Path
) -> None:
    here = town(world, tmp_path)
    unit = here.unit("Gone")
    here.world.change(unit, "description", "Früher".encode())
    group = here.group(here.top, unit, here.top)
    here.sync()
    before = everything(world)
    done = here.have("delete-unit", unit=unit)
    assert unit not in everything(world)
    assert world.values(group, "member") == {here.top.encode()}
    assert here.mirrored() == here.whole() == here.mirrored()
    here.take_back(done)
    assert everything(world) == before
    plan = here.ask("delete-unit", unit=unit)
    late = here.person(unit)
    [row, *_references] = here.do(plan).rows
    assert row.state is RowState.FAILED
    assert row.detail
    assert late in everything(world)


def test_a_unit_that_makes_shared_mailboxes_is_right_in_the_mirror_after_the_next_sync(
    world: World, tmp_path: Path
) -> None:
    here = town(world, tmp_path)
    shared = here.unit("Shared Mailboxes")
    team = here.unit("Team")
    boxes = [here.person(shared), here.person(shared, employeeType="service")]
    people = [here.person(team)]
    here.sync()
    done = here.have("move-unit", unit=team, below=shared)
    assert here.mirrored() == here.whole() == here.mirrored()
    assert any("shared mailboxes" in text for text in done.warnings)
    here.have("rename-unit", unit=shared, to="Leute")
    here.sync()
    with closing(here.desk.mirror()) as mirror:
        kinds = {one.login: one.kind for one in mirror.accounts(View(), 999)}
    logins = [names.parse(dn)[0][0][1] for dn in (*boxes, *people)]
    assert [kinds[login] for login in logins] == ["person", "service", "person"]
    assert here.mirrored() == here.whole() == here.mirrored()


def test_rules_that_are_for_others_then_are_told(world: World, tmp_path: Path) -> None:
    rules = (Department("Research", quota_bytes=1), Department("Engineering/Labs", groups=("all",)))
    here = town(world, tmp_path, Policy(departments=rules, batch_limit=1, protected=("dept:Research",)))
    research, labs = here.unit("Research"), here.unit("Labs", here.unit("Engineering"))
    for _ in range(2):
        here.person(research)
    here.sync()
    plan = here.ask("move-unit", unit=research, below=labs)
    assert plan.friction is Friction.GUARDED
    kinds = [caution.kind for caution in plan.warnings]
    assert kinds == ["protected", "protected", "inside", "department-rules"]
    assert "2 accounts" in plan.warnings[-1].text
    renamed = here.ask("rename-unit", unit=research, to="Labs")
    assert [one.kind for one in renamed.warnings][2:] == ["inside", "department-rules", "named-in-config"]
    assert "dept:Research" in renamed.warnings[-1].text


CUTS = [
    AtMessage(Kind.RENAME_REQUEST, 1, Action.CUT_BEFORE),
    AtMessage(Kind.RENAME_REQUEST, 1, Action.CUT_AT_ANSWER),
    AtMessage(Kind.MODIFY_REQUEST, 1, Action.CUT_BEFORE),
    AtMessage(Kind.MODIFY_REQUEST, 1, Action.CUT_AT_ANSWER),
]


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: f"{cut.kind}-{cut.do.name}")
def test_a_move_that_is_cut_short_is_taken_up_where_it_was(world: World, tmp_path: Path, cut: AtMessage) -> None:
    here = town(world, tmp_path)
    old, target = here.unit("Research"), here.unit("Engineering")
    people = [here.person(old), here.person(old)]
    world.change(people[0], "manager", people[1].encode())
    group = here.group(old, *people)
    here.sync()
    before, desk, operator = everything(world), here.desk, here.desk.operator()
    with closing(desk.journal()) as journal:
        name = journal.open_batch(here.ask("move-unit", unit=old, below=target), operator, datetime.now(UTC))
        again = desk.plans.prepare_again(name)
        assert (again.size, again.friction) == (2, Friction.COUNT)
        with (
            proxied(world.address, cut) as proxy,
            closing(connected(proxy.address)) as directory,
            pytest.raises(Unreachable),
        ):
            carry_out(name, desk.means(journal, directory, operator))
        with desk.connected() as directory:
            done = carry_out(name, desk.means(journal, directory, operator))
    assert done.is_clean, [(row.dn, row.state, row.detail) for row in done.rows]
    place = names.moved(old, here.top, target)
    assert world.values(names.moved(group, old, place), "member") == {
        names.moved(dn, old, place).encode() for dn in people
    }
    assert here.mirrored() == here.whole() == here.mirrored()
    here.take_back(done)
    assert everything(world) == before


@pytest.fixture(scope="module")
def keeping() -> Iterator[DemoAddress]:
    """A slapd that keeps references itself."""
    lines = "moduleload refint\noverlay refint\nrefint_attributes member owner manager"
    people: Record = ("ou=people,dc=example,dc=com", {"objectClass": ["organizationalUnit"], "ou": ["people"]})
    with slapd([BASE_ENTRY, people], SlapdOptions(limits=lines)) as there:
        yield there


@pytest.mark.server
def test_a_server_that_keeps_references_has_done_what_is_skipped_then(keeping: DemoAddress, tmp_path: Path) -> None:
    with world_on(keeping, tmp_path / "journal.db") as world:
        here = town(world, tmp_path)
        old, target = here.unit("Research"), here.unit("Engineering")
        people = [here.person(old), here.person(old)]
        world.change(people[0], "manager", people[1].encode())
        here.group(old, *people, owners=people[:1])
        here.sync()
        before = everything(world)
        done = here.have("move-unit", unit=old, below=target)
        assert [row.state for row in done.rows] == [RowState.VERIFIED, RowState.SKIPPED, RowState.SKIPPED]
        assert here.mirrored() == here.whole() == here.mirrored()
        here.take_back(done)
        assert everything(world) == before


@EMBEDDED
def test_a_unit_is_changed_by_whoever_may_where_it_is_and_where_it_goes(world: World, tmp_path: Path) -> None:
    here = town(world, tmp_path)
    mine, other = here.unit("Mine"), here.unit("Other")
    inner = here.unit("Inner", mine)
    here.sync()
    done = here.have("rename-unit", unit=inner, to="Innermost")
    rules = (OperatorRule(1, "*", role=Role.ADMINISTRATOR, units=("Mine",)),)
    desk = Desk(replace(here.desk.config, operators=rules), files=here.desk.files)
    desk.give_password(OPERATOR, world.address.password)
    ruled = Town(desk, world, [], here.top)
    for task, answers in (
        ("create-unit", {"name": "x", "below": other}),
        ("create-unit", {"name": "x", "below": ""}),
        ("rename-unit", {"unit": mine, "to": "x"}),
        ("delete-unit", {"unit": mine}),
        ("move-unit", {"unit": "Innermost", "below": other}),
        ("move-unit", {"unit": other, "below": mine}),
    ):
        with pytest.raises(Refused, match="for Mine, not for"):
            ruled.ask(task, **answers)
    ruled.have("create-unit", name="x", below=mine)
    assert [one.kind for one in ruled.ask("rename-unit", unit="Innermost", to="y").warnings] == []
    assert ruled.take_back(done).is_clean
    elsewhere = here.have("move-unit", unit=other, below=mine)
    with pytest.raises(Refused, match=r"to Other: .* for Mine, not for"):
        desk.plans.prepare_undo(elsewhere.id)


@dataclass(frozen=True)
class Deed:
    """A unit, by its number, is moved below another or renamed."""

    unit: int
    to: int
    name: str


TREES = st.lists(st.integers(0, 5), min_size=3, max_size=5)
DEEDS = st.lists(
    st.builds(Deed, st.integers(0, 5), st.integers(0, 5), st.sampled_from(["", "Öl, x", "A+b", "#n "])),
    min_size=1,
    max_size=3,
)


def shuffled(world: World, folder: Path, tree: Sequence[int], deeds: Sequence[Deed]) -> None:
    """Move and rename units of a tree at random, then take all of it back."""
    here = town(world, folder)
    units = [here.top]
    for number, above in enumerate(tree):
        units.append(here.unit(f"u{number}", units[above % len(units)]))
    people = [here.person(unit) for unit in units]
    for dn, chief in itertools.pairwise(people):
        here.world.change(dn, "manager", chief.encode())
    here.group(units[-1], *people, owners=[units[1], people[0]])
    here.sync()
    ids = {one: unit.id for unit in _units(here) for one in units if one == unit.dn}
    before, history = everything(world), []
    for deed in deeds:
        named = {unit.id: unit.dn for unit in _units(here)}
        unit, to = (named[ids[units[number % len(units)]]] for number in (deed.unit, deed.to))
        answers: dict[str, Any] = {"unit": unit, "to": deed.name} if deed.name else {"unit": unit, "below": to}
        try:
            plan = here.ask("rename-unit" if deed.name else "move-unit", **answers)
        except Refused:
            continue
        done = here.do(plan)
        assert done.is_clean, [(row.dn, row.state, row.detail) for row in done.rows]
        history += [done] if plan.changing else []
    assert here.mirrored() == here.whole() == here.mirrored()
    for done in reversed(history):
        here.take_back(done)
    assert everything(world) == before
    assert here.mirrored() == here.whole() == here.mirrored()


def _units(here: Town) -> list[UnitLine]:
    with closing(here.desk.mirror()) as mirror:
        return list(_all(mirror))


@EMBEDDED
@examples(3)
@given(tree=TREES, deeds=DEEDS)
def test_units_that_were_moved_about_are_put_back_byte_for_byte(
    world: World, tmp_path: Path, tree: list[int], deeds: list[Deed]
) -> None:
    shuffled(world, tmp_path, tree, deeds)


@SLAPD
@examples(3)
@given(tree=TREES, deeds=DEEDS)
def test_units_that_were_moved_about_are_put_back_byte_for_byte_on_slapd(
    world: World, tmp_path: Path, tree: list[int], deeds: list[Deed]
) -> None:
    shuffled(world, tmp_path, tree, deeds)
