"""Groups and seats changed value by value: what others do to a group meanwhile is neither lost nor in the way."""

from contextlib import closing
from pathlib import Path
from threading import Event

import ldap3
import pytest

from mailtui.domain.batch import BatchState
from mailtui.domain.plan import Friction
from mailtui.domain.policy import Policy
from mailtui.errors import Refused
from tests.apply.conftest import World
from tests.apply.desks import At, Opening, opening


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
