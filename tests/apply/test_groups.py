"""Groups that come, change value by value, and go: what others do to one meanwhile is neither lost nor in the way."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event

import ldap3
import pytest

from mailtui.config import Config
from mailtui.desk import OPERATOR, Desk
from mailtui.domain import dn as names
from mailtui.domain.batch import BatchState
from mailtui.domain.plan import Friction, Plan
from mailtui.domain.policy import Policy
from mailtui.domain.rights import OperatorRule, Role
from mailtui.errors import Refused
from tests.apply.conftest import World
from tests.apply.desks import At, Opening, opening
from tests.apply.test_structures import everything


@pytest.fixture
def at(world: World, tmp_path: Path) -> Opening:
    """Give what opens a desk with so many people, all of them mirrored."""
    return opening(world, tmp_path)


def with_group(at: Opening, people: int, inside: int, policy: Policy | None = None) -> tuple[At, str]:
    """Open a desk with people, of whom the first are in a group."""
    here = at(people, policy=policy)
    group = here.world.group(*here.dns[:inside])
    here.desk.sync(lambda _progress: None, Event())
    return here, group


def members(here: At, group: str, role: str = "member") -> set[str]:
    return {value.decode() for value in here.world.values(group, role)}


def change_members(here: At, group: str, how: str, *dns: str) -> None:
    """Let the second client add or take members."""
    here.world.second.modify(group, {"member": [(how, list(dns))]})


def mirrored(here: At, group: str) -> list[bool]:
    """Tell for each of the people whether the mirror has them in the group."""
    with closing(here.desk.mirror()) as mirror:
        accounts = {account.dn: account for account in mirror.by_ids(here.ids)}
    return [group in [one.dn for one in accounts[dn].groups] for dn in here.dns]


def test_people_join_a_group_and_the_undo_takes_out_those_alone_who_came(at: Opening) -> None:
    here, group = with_group(at, 4, 2)
    before = here.world.entries([group, *here.dns])
    plan = here.plan("join", group=group)
    assert (plan.size, plan.friction) == (2, Friction.COUNT)
    batch = here.do(plan)
    assert batch.state is BatchState.DONE
    assert members(here, group) == set(here.dns)
    assert mirrored(here, group) == [True, True, True, True]
    undone = here.do(here.desk.plans.prepare_undo(batch.id))
    assert (undone.state, undone.undoes) == (BatchState.DONE, batch.id)
    assert here.world.entries([group, *here.dns]) == before
    assert mirrored(here, group) == [True, True, False, False]


def test_a_group_is_named_by_its_name_and_who_is_in_it_already_is_left_out(at: Opening) -> None:
    here, group = with_group(at, 2, 2)
    plan = here.plan("join", group=group.partition(",")[0].partition("=")[2].upper())
    assert not plan.changing
    assert plan.rows[0].skip


def test_members_that_others_add_meanwhile_are_kept_and_not_in_the_way(at: Opening) -> None:
    here, group = with_group(at, 4, 1)
    plan = here.desk.plans.prepare("join", here.ids[1:3], {"group": group})
    change_members(here, group, ldap3.MODIFY_ADD, here.dns[3])
    batch = here.do(plan)
    assert batch.state is BatchState.DONE
    assert members(here, group) == set(here.dns)
    change_members(here, group, ldap3.MODIFY_DELETE, here.dns[1])
    here.do(here.desk.plans.prepare_undo(batch.id))
    assert members(here, group) == {here.dns[0], here.dns[3]}


def test_a_member_whom_somebody_else_added_is_a_conflict_and_planned_again_the_rest_joins(at: Opening) -> None:
    here, group = with_group(at, 3, 1)
    plan = here.desk.plans.prepare("join", here.ids[1:], {"group": group})
    change_members(here, group, ldap3.MODIFY_ADD, here.dns[1])
    batch = here.do(plan)
    assert [str(row.state) for row in batch.rows] == ["conflict"]
    assert members(here, group) == set(here.dns[:2])
    again = here.desk.plans.prepare_again(batch.id, conflicts=True)
    assert again.size == 1
    assert here.do(again).state is BatchState.DONE
    assert members(here, group) == set(here.dns)


def test_five_thousand_members_are_neither_read_back_wrong_nor_replaced(at: Opening) -> None:
    here = at(2)
    others = [f"uid=ghost{number},ou=people,{here.world.address.base}" for number in range(5000)]
    group = here.world.group(here.dns[0], *others)
    here.desk.sync(lambda _progress: None, Event())
    batch = here.do(here.desk.plans.prepare("join", here.ids[1:], {"group": group}))
    assert batch.state is BatchState.DONE
    assert members(here, group) == {*here.dns, *others}
    (row,) = batch.rows
    assert row.before is not None
    assert [values.values for values in row.before] == [()]
    assert [values.values for values in row.found] == [(here.dns[1].encode(),)]


def test_the_last_member_stays_and_is_told(at: Opening) -> None:
    here, group = with_group(at, 2, 2)
    with pytest.raises(Refused, match="without a member"):
        here.plan("leave", group=group)
    left = here.do(here.desk.plans.prepare("leave", here.ids[1:], {"group": group}))
    assert left.state is BatchState.DONE
    assert members(here, group) == {here.dns[0]}


def test_a_seat_is_a_place_in_the_group_of_a_shared_mailbox(at: Opening) -> None:
    here = at(3)
    mailbox = here.world.person({"employeeType": [b"shared"]})
    login = mailbox.partition(",")[0].partition("=")[2]
    group = here.world.group(here.dns[0], name=login)
    here.desk.sync(lambda _progress: None, Event())
    granted = here.desk.plans.prepare("grant-seat", here.ids[1:], {"mailbox": login})
    assert login in granted.title
    assert here.do(granted).state is BatchState.DONE
    assert members(here, group) == set(here.dns)
    with pytest.raises(Refused, match="no shared mailbox"):
        here.plan("grant-seat", mailbox="nobody@example.com")
    with pytest.raises(Refused, match="without a member"):
        here.plan("revoke-seat", mailbox=login)
    assert here.do(here.desk.plans.prepare("revoke-seat", here.ids[:2], {"mailbox": login})).state is BatchState.DONE
    assert members(here, group) == {here.dns[2]}


def test_the_last_who_works_is_not_taken_away_unsaid(at: Opening) -> None:
    here, group = with_group(at, 2, 2)
    here.do(here.desk.plans.prepare("disable", here.ids[:1], {}))
    plan = here.desk.plans.prepare("leave", here.ids[1:], {"group": group})
    assert "unstaffed" in [caution.kind for caution in plan.warnings]


def test_owners_come_and_go(at: Opening) -> None:
    here, group = with_group(at, 2, 1)
    batch = here.do(here.plan("add-owner", group=group))
    assert members(here, group, "owner") == set(here.dns)
    plan = here.plan("remove-owner", group=group)
    assert "no-owner" in [caution.kind for caution in plan.warnings]
    here.do(here.desk.plans.prepare_undo(batch.id))
    assert not members(here, group, "owner")


def test_more_people_than_the_limit_need_a_ticket_though_it_is_one_entry(at: Opening) -> None:
    here, group = with_group(at, 3, 1, Policy(batch_limit=1))
    assert here.desk.plans.prepare("join", here.ids[1:2], {"group": group}).friction is Friction.LIGHT
    assert here.desk.plans.prepare("join", here.ids[1:], {"group": group}).friction is Friction.GUARDED


def test_nobody_joins_a_group_that_there_is_not(at: Opening) -> None:
    here, group = with_group(at, 1, 1)
    name = group.partition(",")[0].partition("=")[2]
    with pytest.raises(Refused, match="no group") as refused:
        here.plan("join", group=f"{name}x")
    assert name in refused.value.hint


def with_mail(here: At) -> At:
    """Give a desk whose schema has the mail of groups, as the embedded directory and this slapd have it."""
    directory = replace(here.desk.directory_config, schema="demo")
    desk = Desk(Config(directory=directory, policy=Policy(domains=("example.com",))), files=here.desk.files)
    desk.give_password(OPERATOR, here.world.address.password)
    desk.sync(lambda _progress: None, Event())
    return replace(here, desk=desk)


def entry_plan(here: At, task: str, group: str, **answers: str | bool) -> Plan:
    """Plan a task that is done to a group."""
    return here.desk.plans.prepare(task, (), {"group": group, **answers})


def take_back(here: At, batch: str) -> None:
    """Undo a batch, all of it."""
    assert here.do(here.desk.plans.prepare_undo(batch)).is_clean


def test_a_group_is_created_around_its_members_and_the_undo_takes_it_away(at: Opening) -> None:
    here, other = with_group(at, 3, 1)
    before = everything(here.world)
    owner = names.rdn(here.dns[2]).partition("=")[2]
    ids = here.ids[:2]
    plan = here.desk.plans.prepare("create-group", ids, {"name": "Öl, Gas", "owner": owner, "description": "Who"})
    assert (plan.size, plan.friction) == (2, Friction.COUNT)
    batch = here.do(plan)
    (row,) = batch.rows
    assert (row.state, names.key(names.parent(row.dn))) == ("verified", names.key(names.parent(other)))
    [held] = here.world.entries([row.dn])
    assert {value.decode() for value in held["member"]} == set(here.dns[:2])
    assert (held["owner"], held["description"]) == ({here.dns[2].encode()}, {b"Who"})
    assert here.desk.plans.prepare("join", here.ids[2:], {"group": "öl,  GAS"}).changing
    with pytest.raises(Refused, match="already"):
        here.desk.plans.prepare("create-group", ids, {"name": "ÖL, gas"})
    take_back(here, batch.id)
    assert everything(here.world) == before


def test_a_group_that_somebody_joined_since_it_was_created_is_not_taken_away(at: Opening) -> None:
    here, _other = with_group(at, 2, 1)
    name = f"new{names.rdn(here.dns[0])[4:]}"
    batch = here.do(here.desk.plans.prepare("create-group", here.ids[:1], {"name": name}))
    change_members(here, batch.rows[0].dn, ldap3.MODIFY_ADD, here.dns[1])
    undone = here.desk.plans.prepare_undo(batch.id)
    assert [bool(row.conflict) for row in undone.rows] == [True]


def test_a_name_that_would_make_it_the_seats_of_a_mailbox_is_refused_unless_that_is_meant(at: Opening) -> None:
    here = at(1)
    mailbox = here.world.person({"employeeType": [b"shared"]})
    login = names.rdn(mailbox).partition("=")[2]
    here.desk.sync(lambda _progress: None, Event())
    with pytest.raises(Refused, match="works the shared mailbox"):
        here.plan("create-group", name=login.upper())
    group = here.do(here.plan("create-group", name=login, seats=True)).rows[0].dn
    with pytest.raises(Refused, match="Nobody could work"):
        entry_plan(here, "delete-group", group)
    assert entry_plan(here, "delete-group", group, force=True).friction is Friction.GUARDED


def test_a_group_of_five_thousand_goes_and_comes_back_whole_with_what_it_was_in(at: Opening) -> None:
    here = at(2)
    others = [f"uid=ghost{number},ou=people,{here.world.address.base}" for number in range(5000)]
    group = here.world.group(here.dns[0], *others, owners=here.dns)
    above = here.world.group(here.dns[1], group, owners=[group])
    only = here.world.group(group)
    here.desk.sync(lambda _progress: None, Event())
    before = everything(here.world)
    plan = entry_plan(here, "delete-group", group)
    assert (plan.size, plan.friction) == (5001, Friction.GUARDED)
    assert [caution.kind for caution in plan.warnings] == ["members", "only-member"]
    batch = here.do(plan)
    assert batch.is_clean
    after = everything(here.world)
    assert group not in after
    assert (members(here, above), members(here, above, "owner")) == ({here.dns[1]}, set())
    assert members(here, only) == {group}
    undo = here.desk.plans.prepare_undo(batch.id)
    assert undo.friction is Friction.GUARDED
    assert here.do(undo).is_clean
    assert everything(here.world) == before
    assert mirrored(here, group) == [True, False]


def test_a_group_that_others_changed_meanwhile_is_not_deleted(at: Opening) -> None:
    here, group = with_group(at, 3, 2)
    plan = entry_plan(here, "delete-group", group)
    change_members(here, group, ldap3.MODIFY_ADD, here.dns[2])
    assert [str(row.state) for row in here.do(plan).rows] == ["conflict"]
    assert members(here, group) == set(here.dns)


def test_the_mail_of_a_group_is_changed_and_taken_back(at: Opening) -> None:
    here, group = with_group(at, 1, 1)
    here = with_mail(here)
    before = everything(here.world)
    address = f"{names.rdn(group)[3:]}@example.com"
    steps = [
        here.do(entry_plan(here, "add-group-alias", group, address=address)),
        here.do(entry_plan(here, "add-group-alias", group, address=f"also.{address}")),
        here.do(entry_plan(here, "set-posting", group, to="owners")),
        here.do(entry_plan(here, "set-posting", group, to="members")),
    ]
    [held] = here.world.entries([group])
    assert (held["mail"], held["mailAlternateAddress"]) == ({address.encode()}, {f"also.{address}".encode()})
    assert (held["mailPosting"], held["objectClass"] >= {b"mailGroup"}) == ({b"members"}, True)
    with pytest.raises(Refused, match="main address"):
        entry_plan(here, "remove-group-alias", group, address=address.upper())
    assert not entry_plan(here, "add-group-alias", group, address=address.upper()).changing
    for batch in reversed(steps):
        take_back(here, batch.id)
    assert everything(here.world) == before


def test_an_address_is_taken_back_though_the_group_got_more_of_its_kind_since(at: Opening) -> None:
    here, group = with_group(at, 1, 1)
    here = with_mail(here)
    batch = here.do(entry_plan(here, "add-group-alias", group, address=f"{names.rdn(group)[3:]}@example.com"))
    here.do(entry_plan(here, "set-posting", group, to="owners"))
    take_back(here, batch.id)
    [held] = here.world.entries([group])
    assert (held.get("mail"), held["mailPosting"]) == (None, {b"owners"})


def test_who_may_post_is_not_taken_back_over_what_somebody_else_decided(at: Opening) -> None:
    here, group = with_group(at, 1, 1)
    here = with_mail(here)
    here.do(entry_plan(here, "set-posting", group, to="owners"))
    batch = here.do(entry_plan(here, "set-posting", group, to="members"))
    here.world.change(group, "mailPosting", b"inside")
    assert [bool(row.conflict) for row in here.desk.plans.prepare_undo(batch.id).rows] == [True]


def test_an_address_of_a_group_is_nobody_elses(at: Opening) -> None:
    here, group = with_group(at, 2, 1)
    here = with_mail(here)
    address = f"team.{names.rdn(group)[3:]}@example.com"
    here.do(entry_plan(here, "add-group-alias", group, address=address))
    with pytest.raises(Refused, match=r"The group .* has the address"):
        here.desk.plans.prepare("add-alias", here.ids[:1], {"address": address.upper()})
    second = here.world.group(here.dns[0])
    here.desk.sync(lambda _progress: None, Event())
    for taken in (address, f"{names.rdn(here.dns[0])[4:]}@example.com"):
        with pytest.raises(Refused, match="has the address"):
            entry_plan(here, "add-group-alias", second, address=taken)
    forward = here.desk.plans.prepare("forward", here.ids[:1], {"to": address})
    assert forward.changing


def test_who_may_post_is_planned_again_over_what_others_decided_meanwhile(at: Opening) -> None:
    here, group = with_group(at, 1, 1)
    here = with_mail(here)
    plan = entry_plan(here, "set-posting", group, to="members")
    here.world.change(group, "objectClass", b"top", b"groupOfNames", b"mailGroup")
    here.world.change(group, "mailPosting", b"inside")
    batch = here.do(plan)
    assert [str(row.state) for row in batch.rows] == ["conflict"]
    assert here.do(here.desk.plans.prepare_again(batch.id, conflicts=True)).is_clean
    assert here.world.values(group, "mailPosting") == {b"members"}


def test_an_operator_of_one_unit_changes_the_groups_in_it_alone(at: Opening) -> None:
    here, group = with_group(at, 1, 1)
    unit = here.world.unit()
    here.desk.sync(lambda _progress: None, Event())
    name = names.rdn(unit)[3:]
    inside = here.do(here.plan("create-group", name=f"in-{name}", below=name))
    outside = here.do(here.plan("create-group", name=f"out-{name}"))
    rule = OperatorRule(1, who="*", role=Role.ADMINISTRATOR, units=(name,))
    desk = Desk(Config(directory=here.desk.directory_config, operators=(rule,)), files=here.desk.files)
    desk.give_password(OPERATOR, here.world.address.password)
    assert desk.plans.prepare("delete-group", (), {"group": inside.rows[0].dn}).changing
    assert desk.plans.prepare_undo(inside.id).changing
    with pytest.raises(Refused, match="is for"):
        desk.plans.prepare("delete-group", (), {"group": group})
    with pytest.raises(Refused, match="is for"):
        desk.plans.prepare_undo(outside.id)
