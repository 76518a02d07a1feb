"""Newcomers and a line that is lost: each is added once, and what rests on the entry waits for it."""

from pathlib import Path

import pytest

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
