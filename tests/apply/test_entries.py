"""Entries that go, and that get another name or place: with what names them elsewhere, and back again."""

from contextlib import closing
from pathlib import Path
from threading import Event

import ldap3
import pytest

from mailtui.domain import dn as names
from mailtui.domain.batch import Batch, BatchState
from mailtui.domain.plan import Friction
from mailtui.errors import Refused, Unreachable, UsageError
from tests.apply.conftest import World
from tests.apply.desks import At as Desk
from tests.apply.desks import Opening, opening
from tests.apply.test_conflicts import states
from tests.servers.rules import Action, At, Kind


@pytest.fixture
def at(world: World, tmp_path: Path) -> Opening:
    """Give what opens a desk with so many people, all of them mirrored."""
    return opening(world, tmp_path)


def office(at: Opening) -> tuple[Desk, str, str]:
    """Open a desk with a boss and two who report to her, a group of the three that she owns, and another unit."""
    here = at(3)
    for dn in here.dns[1:]:
        here.world.change(dn, "manager", here.dns[0].encode())
    group = here.world.group(*here.dns, owners=here.dns[:1])
    unit = here.world.unit()
    here.desk.sync(lambda _progress: None, Event())
    return here, group, unit


def undone(here: Desk, batch: Batch) -> Batch:
    return here.do(here.desk.plans.prepare_undo(batch.id))


def mirrored(here: Desk, login: str) -> list[str]:
    with closing(here.desk.mirror()) as mirror:
        return [account.dn for account in mirror.exact(login)]


def login(dn: str) -> str:
    return names.parse(dn)[0][0][1]


def test_an_account_that_moves_is_still_found_by_all_that_names_it_and_moves_back(at: Opening) -> None:
    here, group, unit = office(at)
    before = here.world.entries([*here.dns, group])
    batch = here.do(here.desk.plans.prepare("move", here.ids[:1], {"to": unit}))
    moved = f"{names.rdn(here.dns[0])},{unit}"
    assert set(states(batch)) == {"verified"}
    assert here.world.values(group, "member") == {dn.encode() for dn in (moved, *here.dns[1:])}
    assert here.world.values(group, "owner") == {moved.encode()}
    assert here.world.values(here.dns[1], "manager") == {moved.encode()}
    assert mirrored(here, login(moved)) == [moved]
    assert undone(here, batch).state is BatchState.DONE
    assert here.world.entries([*here.dns, group]) == before
    assert mirrored(here, login(moved)) == [here.dns[0]]


def test_who_moves_together_with_a_manager_has_that_manager_at_the_new_place(at: Opening) -> None:
    here, group, unit = office(at)
    here.world.change(here.dns[0], "manager", here.dns[0].encode())
    here.desk.sync(lambda _progress: None, Event())
    before = here.world.entries([*here.dns, group])
    batch = here.do(here.desk.plans.prepare("move", here.ids, {"to": unit}))
    moved = [f"{names.rdn(dn)},{unit}" for dn in here.dns]
    assert set(states(batch)) == {"verified"}
    assert [here.world.values(dn, "manager") for dn in moved] == [{moved[0].encode()}] * 3
    back = undone(here, batch)
    assert here.world.entries([*here.dns, group]) == before
    assert set(states(undone(here, back))) == {"verified"}
    assert here.world.values(group, "member") == {dn.encode() for dn in moved}


def test_who_was_taken_out_of_a_group_since_a_move_is_not_put_back_by_its_undo(at: Opening) -> None:
    here, group, unit = office(at)
    batch = here.do(here.desk.plans.prepare("move", here.ids[:1], {"to": unit}))
    moved = f"{names.rdn(here.dns[0])},{unit}"
    here.world.second.modify(group, {"member": [(ldap3.MODIFY_DELETE, [moved])]})
    assert undone(here, batch).is_clean
    assert here.world.values(group, "member") == {dn.encode() for dn in here.dns[1:]}
    assert here.world.values(group, "owner") == {here.dns[0].encode()}


def test_many_move_by_one_word_and_who_is_there_already_stays(at: Opening) -> None:
    here, _group, unit = office(at)
    here.do(here.desk.plans.prepare("move", here.ids[:1], {"to": unit}))
    ids = [*here.ids, *(target.account.id for target in here.world.targets([f"{names.rdn(here.dns[0])},{unit}"]))]
    plan = here.desk.plans.prepare("move", ids, {"to": names.parse(unit)[0][0][1]})
    assert (plan.size, plan.friction) == (2, Friction.COUNT)
    assert here.do(plan).is_clean


def test_a_unit_and_a_group_are_named_whatever_signs_their_names_hold(at: Opening) -> None:
    here = at(2)
    sign = login(here.dns[0])
    unit = names.join("ou", f"R=D/{sign}, Labs", f"ou=people,{here.world.address.base}")
    here.world.second.add(unit, ["top", "organizationalUnit"])
    group = here.world.group(here.dns[1], name=f"a=b/{sign}")
    here.desk.sync(lambda _progress: None, Event())
    assert here.do(here.desk.plans.prepare("join", here.ids[:1], {"group": f"A=B/{sign}"})).is_clean
    assert len(here.world.values(group, "member")) == 2
    for to in (f"r=d/{sign}, labs", unit):
        batch = here.do(here.desk.plans.prepare("move", here.ids[:1], {"to": to}))
        assert names.key(batch.rows[0].new_dn) == names.key(f"{names.rdn(here.dns[0])},{unit}")
        assert undone(here, batch).is_clean


def test_a_name_that_is_taken_at_the_new_place_is_refused_by_the_server_and_nothing_else_is_lost(at: Opening) -> None:
    here, _group, unit = office(at)
    dn = f"{names.rdn(here.dns[0])},{unit}"
    here.world.second.add(dn, ["top", "inetOrgPerson"], {"cn": "x", "sn": "x"})
    batch = here.do(here.desk.plans.prepare("move", here.ids[:1], {"to": unit}))
    assert states(batch)[0] == "failed"
    assert "68" in batch.rows[0].detail
    assert here.world.values(here.dns[0], "sn")


def test_a_log_in_is_changed_with_the_address_made_of_it_and_the_old_address_stays_as_an_alias(at: Opening) -> None:
    here, group, _unit = office(at)
    old = login(here.dns[0])
    before = here.world.entries([*here.dns, group])
    batch = here.do(here.desk.plans.prepare("rename", here.ids[:1], {"login": f"new.{old}"}))
    dn = names.join("uid", f"new.{old}", names.parent(here.dns[0]))
    assert set(states(batch)) == {"verified"}
    assert here.world.values(dn, "uid") == {f"new.{old}".encode()}
    assert here.world.values(dn, "mail") == {f"new.{old}@example.com".encode()}
    assert here.world.values(dn, "mailAlternateAddress") == {f"{old}@example.com".encode()}
    assert here.world.values(here.dns[2], "manager") == {dn.encode()}
    assert mirrored(here, f"new.{old}") == [dn]
    assert undone(here, batch).state is BatchState.DONE
    assert here.world.entries([*here.dns, group]) == before


HELD = [
    ("mailAlternateAddress", "New.{old}@Example.com"),
    ("mailAlternateAddress", "{OLD}@example.com"),
    ("mail", "New.{old}@Example.com"),
    ("uid", "second.{old}"),
]


@pytest.mark.parametrize(("attribute", "value"), HELD)
def test_what_an_account_has_already_in_other_letters_is_not_given_twice(
    at: Opening, attribute: str, value: str
) -> None:
    here = at(1)
    old = login(here.dns[0])
    value = value.format(old=old, OLD=old.upper())
    here.world.second.modify(here.dns[0], {attribute: [(ldap3.MODIFY_ADD, [value])]})
    here.desk.sync(lambda _progress: None, Event())
    before = here.world.entries(here.dns)
    batch = here.do(here.desk.plans.prepare("rename", here.ids, {"login": f"new.{old}"}))
    assert set(states(batch)) == {"verified"}
    (entry,) = here.world.entries([batch.rows[0].new_dn])
    addresses = [one.decode().lower() for name in ("mail", "mailAlternateAddress") for one in entry.get(name, ())]
    assert sorted(addresses) == [f"new.{old}@example.com", f"{old}@example.com"]
    assert undone(here, batch).is_clean
    assert here.world.entries(here.dns) == before


def test_a_log_in_that_somebody_has_is_refused(at: Opening) -> None:
    here, _group, _unit = office(at)
    with pytest.raises(Refused, match="already"):
        here.desk.plans.prepare("rename", here.ids[:1], {"login": login(here.dns[1])})


def test_a_log_in_whose_address_somebody_has_is_refused(at: Opening) -> None:
    here = at(2)
    name = f"sales.{login(here.dns[1])}"
    here.world.change(here.dns[1], "mailAlternateAddress", f"{name}@example.com".encode())
    here.desk.sync(lambda _progress: None, Event())
    with pytest.raises(Refused, match=login(here.dns[1])):
        here.desk.plans.prepare("rename", here.ids[:1], {"login": name})
    with pytest.raises(Refused, match="not a domain of ours"):
        here.desk.plans.prepare("rename", here.ids[:1], {"login": name, "address": "x@elsewhere.net"})
    free = {"login": name, "address": f"free.{name}@example.com"}
    assert here.desk.plans.prepare("rename", here.ids[:1], free).changing


@pytest.mark.parametrize(
    "text", ["a,b", "#a", "a+b=c", 'a"b', "a\\b", "<a>;b", "a b", "\u5f20\u4f1f", "a\u202eb", "-", "a" * 65]
)
def test_what_could_be_no_log_in_is_refused_before_anything_is_done(at: Opening, text: str) -> None:
    here = at(1)
    with pytest.raises(UsageError, match="no log-in"):
        here.desk.plans.prepare("rename", here.ids, {"login": text})


def test_an_entry_that_is_named_by_two_values_keeps_them(at: Opening) -> None:
    here = at(1)
    here.world.second.modify_dn(here.dns[0], f"{names.rdn(here.dns[0])}+mail={login(here.dns[0])}@example.com")
    here.desk.sync(lambda _progress: None, Event())
    with closing(here.desk.mirror()) as mirror:
        ids = [account.id for account in mirror.exact(login(here.dns[0]))]
    for task, answers in (
        ("rename", {"login": "other"}),
        ("make-primary", {"address": f"other.{login(here.dns[0])}@example.com"}),
    ):
        with pytest.raises(Refused, match="names the entry"):
            here.desk.plans.prepare(task, ids, answers)


def test_one_of_two_log_ins_is_not_lost(at: Opening) -> None:
    here = at(1)
    second = f"second.{login(here.dns[0])}"
    here.world.second.modify(here.dns[0], {"uid": [(ldap3.MODIFY_ADD, [second])]})
    here.desk.sync(lambda _progress: None, Event())
    with pytest.raises(Refused, match="beside"):
        here.desk.plans.prepare("rename", here.ids, {"login": second})


def test_an_account_is_deleted_with_what_names_it_and_comes_back(at: Opening) -> None:
    here, group, _unit = office(at)
    before = here.world.entries([*here.dns, group])
    ids = here.ids
    plan = here.desk.plans.prepare("delete", ids[:1], {})
    assert (plan.size, plan.friction) == (1, Friction.GUARDED)
    assert {"for-good", "active", "sole-owner", "manager"} <= {caution.kind for caution in plan.warnings}
    batch = here.do(plan)
    assert set(states(batch)) == {"verified"}
    with pytest.raises(ldap3.core.exceptions.LDAPNoSuchObjectResult):
        here.world.entries(here.dns[:1])
    assert here.world.values(group, "member") == {dn.encode() for dn in here.dns[1:]}
    assert not here.world.values(group, "owner")
    assert not here.world.values(here.dns[1], "manager")
    assert mirrored(here, login(here.dns[0])) == []
    back = undone(here, batch)
    assert back.state is BatchState.DONE
    assert here.world.entries([*here.dns, group]) == before
    assert mirrored(here, login(here.dns[0])) == here.dns[:1]
    again = undone(here, back)
    assert again.state is BatchState.DONE
    assert mirrored(here, login(here.dns[0])) == []


def test_what_was_changed_since_it_came_back_is_not_deleted_again(at: Opening) -> None:
    here, _group, _unit = office(at)
    back = undone(here, here.do(here.desk.plans.prepare("delete", here.ids[:1], {})))
    here.world.change(here.dns[0], "title", b"Chief")
    again = undone(here, back)
    assert here.world.values(here.dns[0], "title") == {b"Chief"}
    assert "conflict" in states(again)


def test_an_account_that_others_changed_meanwhile_is_not_deleted(at: Opening) -> None:
    here, group, _unit = office(at)
    plan = here.desk.plans.prepare("delete", here.ids[:1], {})
    here.world.change(here.dns[0], "title", b"Chief")
    batch = here.do(plan)
    assert states(batch) == ["conflict", "failed", "failed", "failed"]
    assert here.world.values(group, "member") == {dn.encode() for dn in here.dns}
    assert here.world.values(here.dns[0], "title") == {b"Chief"}


@pytest.mark.parametrize("action", [Action.CUT_BEFORE, Action.CUT_INSIDE, Action.CUT_AT_ANSWER])
@pytest.mark.parametrize("task", ["delete", "move", "undo"])
def test_a_line_that_is_lost_at_an_entry_leaves_it_done_once_and_the_rest_is_gone_on_with(
    at: Opening, task: str, action: Action
) -> None:
    here, group, unit = office(at)
    kind = {"delete": Kind.DELETE_REQUEST, "move": Kind.RENAME_REQUEST, "undo": Kind.ADD_REQUEST}[task]
    if task == "undo":
        plan = here.desk.plans.prepare_undo(here.do(here.desk.plans.prepare("delete", here.ids[:1], {})).id)
    else:
        plan = here.desk.plans.prepare(task, here.ids[:1], {"to": unit} if task == "move" else {})
    batch = here.world.lose(plan, At(kind, 1, action))
    assert states(batch)[0] == "sent"
    settled = here.world.settle(batch)
    assert states(settled)[0] == ("verified" if action is Action.CUT_AT_ANSWER else "planned")
    done = here.world.carry_out(batch.id)
    assert set(states(done)) == {"verified"}
    members = {dn.encode() for dn in here.dns[1:]}
    moved = f"{names.rdn(here.dns[0])},{unit}"
    come = {"delete": set(), "move": {moved.encode()}, "undo": {here.dns[0].encode()}}[task]
    assert here.world.values(group, "member") == members | come


def test_the_only_member_of_a_group_stays_named_and_that_is_told(at: Opening) -> None:
    here = at(1)
    group = here.world.group(*here.dns)
    here.desk.sync(lambda _progress: None, Event())
    plan = here.desk.plans.prepare("delete", here.ids, {})
    assert "only-member" in [caution.kind for caution in plan.warnings]
    assert here.do(plan).is_clean
    assert here.world.values(group, "member")


def test_of_members_who_are_deleted_together_the_last_stays_named(at: Opening) -> None:
    here = at(2)
    group = here.world.group(*here.dns)
    here.desk.sync(lambda _progress: None, Event())
    before = here.world.entries([*here.dns, group])
    plan = here.desk.plans.prepare("delete", here.ids, {})
    assert [caution.kind for caution in plan.warnings].count("only-member") == 1
    batch = here.do(plan)
    assert set(states(batch)) == {"verified"}
    assert len(here.world.values(group, "member")) == 1
    assert undone(here, batch).is_clean
    assert here.world.entries([*here.dns, group]) == before


def test_an_entry_is_deleted_though_the_server_cannot_compare_all_of_it(at: Opening) -> None:
    here = at(1)
    given: dict[str, list[object]] = {
        "jpegPhoto": [b"\xff\xd8\x00\x01" * 5000],
        "facsimileTelephoneNumber": ["+49 30 1"],
        "cn;lang-de": ["M\u00fcller"],
    }
    here.world.second.modify(here.dns[0], {name: [(ldap3.MODIFY_ADD, values)] for name, values in given.items()})
    before = here.world.entries(here.dns)
    batch = here.do(here.desk.plans.prepare("delete", here.ids, {}))
    assert states(batch) == ["verified"]
    assert undone(here, batch).is_clean
    assert here.world.entries(here.dns) == before


def test_a_delete_that_was_stopped_between_rows_is_gone_on_with_as_it_was_planned(at: Opening) -> None:
    here, group, _unit = office(at)
    saved = here.runner.save(here.desk.plans.prepare("delete", here.ids[:1], {}, ticket="HD-1"))
    here.runner.cancel(saved)
    plan = here.desk.plans.prepare_again(saved)
    assert (plan.size, len(plan.rows)) == (1, 4)
    here.runner.resume_planned(saved, plan)
    done = here.resumed(saved)
    assert (done.state, set(states(done))) == (BatchState.DONE, {"verified"})
    assert here.world.values(group, "member") == {dn.encode() for dn in here.dns[1:]}


def test_what_must_be_read_in_the_directory_cannot_be_saved_without_it(at: Opening) -> None:
    here, group, _unit = office(at)
    for task, answers in (("delete", {}), ("join", {"group": group})):
        with pytest.raises(Unreachable, match="cannot be saved"):
            here.desk.plans.prepare_unread(task, here.ids, answers)
