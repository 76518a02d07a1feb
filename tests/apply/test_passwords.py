"""New passwords: set and proved by logging in with them, shown once, and in no file."""

from pathlib import Path

import ldap3
import pytest

from mailtui.apply.judging import verdict
from mailtui.domain.batch import BatchState
from mailtui.domain.secret import Secret
from mailtui.errors import NothingToDo
from tests.apply.conftest import World
from tests.apply.desks import At, Opening, opening
from tests.apply.test_conflicts import states


@pytest.fixture
def at(world: World, tmp_path: Path) -> Opening:
    """Give what opens a desk with so many people, all of them mirrored."""
    return opening(world, tmp_path)


def lets_in(here: At, dn: str, password: str) -> bool:
    server = ldap3.Server(here.world.address.url, get_info=ldap3.NONE)
    connection = ldap3.Connection(server, dn, password)
    try:
        return bool(connection.bind())
    finally:
        connection.unbind()


def test_a_new_password_lets_its_owner_in_and_nobody_keeps_it(at: Opening, tmp_path: Path) -> None:
    here = at(2)
    runner = here.runner
    batch = runner.start(here.plan("reset-password", must_change=False))
    assert runner.wait(batch, 30)
    done = here.desk.batch(batch)
    assert (done.state, states(done)) == (BatchState.DONE, ["verified", "verified"])
    made = runner.take_passwords(batch)
    assert runner.take_passwords(batch) == []
    assert len({secret.reveal() for _row, secret in made}) == 2
    for row, secret in made:
        assert lets_in(here, row.dn, secret.reveal())
        assert not lets_in(here, row.dn, secret.reveal() + "x")
        for file in [*tmp_path.rglob("*")]:
            assert not file.is_file() or secret.reveal().encode() not in file.read_bytes()
    with pytest.raises(NothingToDo):
        here.desk.plans.prepare_undo(batch)


def test_a_password_that_nobody_knows_any_more_is_not_set_but_another_one_when_tried_again(
    at: Opening,
) -> None:
    here = at(1)
    batch = here.do(here.plan("reset-password", must_change=False))
    assert states(batch) == ["failed"]
    assert "no longer known" in batch.rows[0].detail
    runner = here.runner
    runner.retry(batch.id)
    assert states(here.resumed(batch.id)) == ["verified"]
    ((row, secret),) = runner.take_passwords(batch.id)
    assert lets_in(here, row.dn, secret.reveal())


def test_a_password_of_which_nobody_knows_whether_it_was_set_is_reset_again(at: Opening) -> None:
    here = at(1)
    name = here.world.open(here.plan("reset-password", must_change=False))
    here.world.journal.advance(name, [], [1], here.world.means().clock())
    settled = here.world.settle(here.world.journal.batch(name))
    assert states(settled) == ["failed"]
    assert "reset it again" in settled.rows[0].detail


def test_a_server_that_says_yes_and_does_nothing_is_found_out(at: Opening) -> None:
    here = at(1)
    batch = here.do(here.plan("reset-password", must_change=False))
    entry = here.world.directory.read_ids(here.ids, ["entryUUID", "entryCSN", "modifyTimestamp"])[here.ids[0]]
    assert verdict(batch.rows[0], entry, entry, here.world.schema).state == "drifted"


def test_where_the_directory_cannot_ask_for_another_password_that_is_told(at: Opening) -> None:
    here = at(1)
    plan = here.plan("reset-password")
    heeds = here.world.directory.capabilities.password_policy
    assert len(plan.rows) == (2 if heeds else 1)
    assert ("must-change" in [caution.kind for caution in plan.warnings]) is not heeds


def test_no_secret_shows_itself() -> None:
    assert "hunter2" not in repr(Secret("hunter2"))
