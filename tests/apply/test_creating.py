"""Newcomers and a line that is lost: each is added once, and what rests on the entry waits for it."""

from pathlib import Path

import pytest

from mailtui.domain.batch import BatchState
from mailtui.domain.newcomer import Newcomer
from mailtui.domain.policy import Policy, Profile
from tests.apply.conftest import World
from tests.apply.desks import Opening, opening
from tests.apply.test_conflicts import states
from tests.servers.rules import Action, At, Kind


@pytest.fixture
def at(world: World, tmp_path: Path) -> Opening:
    """Give what opens a desk with so many people, all of them mirrored."""
    return opening(world, tmp_path)


@pytest.mark.parametrize("action", [Action.CUT_BEFORE, Action.CUT_INSIDE, Action.CUT_AT_ANSWER])
def test_a_line_that_is_lost_at_an_add_leaves_the_entry_added_once_and_the_rest_is_gone_on_with(
    at: Opening, world: World, action: Action
) -> None:
    seller = world.person()
    group = world.group(seller)
    name = group.partition(",")[0].removeprefix("cn=")
    login = f"new.{name}"
    here = at(1, policy=Policy(profiles=(Profile("all", (("name", ("*",)),), groups=(name,)),)))
    plan = here.desk.creating.prepare_new([Newcomer(name="New One", login=login)]).plan
    assert plan is not None
    batch = world.lose(plan, At(Kind.ADD_REQUEST, 1, action))
    assert states(batch)[0] == "sent"
    settled = world.settle(batch)
    assert states(settled)[0] == ("verified" if action is Action.CUT_AT_ANSWER else "planned")
    done = world.carry_out(batch.id)
    # The password that was made for the first try is known to nobody any more, and that is told.
    of_password = [row for row in done.rows if "reset it again" in row.detail]
    assert [row.state.value for row in of_password] == ["failed"]
    assert (states(done)[0], states(done)[-1]) == ("verified", "verified")
    dn = plan.rows[0].dn
    assert world.values(group, "member") == {seller.encode(), dn.encode()}


def test_what_was_added_goes_again_though_its_password_was_never_set(at: Opening, world: World) -> None:
    here = at(1)
    plan = here.desk.creating.prepare_new([Newcomer(name="New Two", login=f"two.{here.ids[0][:8]}")]).plan
    assert plan is not None
    batch = here.do(plan)
    assert states(batch)[:2] == ["verified", "failed"]
    world.change(plan.rows[0].dn, "sn", b"Other")
    changed = here.desk.plans.prepare_undo(batch.id)
    assert ["Other" in row.conflict for row in changed.rows] == [True]
    world.change(plan.rows[0].dn, "sn", b"Two")
    back = here.do(here.desk.plans.prepare_undo(batch.id))
    assert (back.state, states(back)) == (BatchState.DONE, ["verified"])
    assert not world.directory.read([plan.rows[0].dn], ["cn"])


def test_an_entry_that_somebody_else_added_meanwhile_is_left_as_it_is(at: Opening, world: World) -> None:
    here = at(1)
    plan = here.desk.creating.prepare_new([Newcomer(name="New Three", login=f"three.{here.ids[0][:8]}")]).plan
    assert plan is not None
    dn = plan.rows[0].dn
    world.second.add(dn, ["inetOrgPerson", "mailUser"], {"cn": "x", "sn": "x", "userPassword": "theirs"})
    before = world.entries([dn])
    batch = here.runner.start(plan)
    assert set(states(here.resumed(batch))) <= {"conflict", "failed"}
    assert here.runner.take_passwords(batch) == []
    assert world.entries([dn]) == before


def test_an_address_that_was_given_up_lately_is_nobody_elses_for_as_long_as_policy_says(
    at: Opening, world: World
) -> None:
    here = at(1)
    login = world.targets(here.dns)[0].account.login
    here.do(here.desk.plans.prepare("delete", here.ids, {}), days_ago=20)

    def proposed(days: int) -> str:
        here.desk.policy = Policy(naming=("{given}",), address_reuse_days=days)
        prepared = here.desk.creating.prepare_new([Newcomer(given=login, surname="Heir")])
        return prepared.drafts[0].account.login

    assert [proposed(0), proposed(10), proposed(30)] == [login, login, f"{login}2"]


def test_very_many_join_a_group_by_few_rows_and_nobody_who_was_not_added_is_in_it(at: Opening, world: World) -> None:
    seller = world.person()
    group = world.group(seller)
    name = group.partition(",")[0].removeprefix("cn=")
    here = at(1, policy=Policy(profiles=(Profile("all", (("name", ("*",)),), groups=(name,)),)))
    newcomers = [Newcomer(name=f"N{number} Many", login=f"n{number}.{name}") for number in range(102)]
    plan = here.desk.creating.prepare_new(newcomers, has_passwords=False).plan
    assert plan is not None
    assert (plan.size, len(plan.rows)) == (102, 102 + 51)
    dns = [row.dn for row in plan.rows[:102]]
    world.second.add(dns[0], ["inetOrgPerson", "mailUser"], {"cn": "x", "sn": "x"})
    batch = here.do(plan)
    # The first two were to join by one row.
    assert [row.number for row in batch.rows if row.state.value != "verified"] == [1, 103]
    assert world.values(group, "member") == {dn.encode() for dn in (seller, *dns[2:])}
    world.change(dns[5], "title", b"Changed")
    back = here.do(here.desk.plans.prepare_undo(batch.id))
    assert states(back).count("conflict") == 1
    assert world.values(group, "member") == {seller.encode(), dns[5].encode()}
    assert set(world.directory.read(dns, ["cn"])) == {dns[0], dns[5]}
