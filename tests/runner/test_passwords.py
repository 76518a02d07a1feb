"""Batches of new passwords that are cut short: who goes on with one sets other passwords, and gets to know those."""

from mailtui.config import DirectoryConfig
from mailtui.demo.address import DemoAddress
from mailtui.directory.connection import Login, connect
from mailtui.domain.batch import RowState
from mailtui.domain.secret import Secret
from mailtui.errors import CredentialsRefused
from mailtui.runner.front import Runner
from tests.runner.dying import AFTER
from tests.runner.world import Place, World


def lets_in(address: DemoAddress, dn: str, password: Secret) -> bool:
    try:
        connect(DirectoryConfig((address.url,), address.base), Login("simple", dn, password)).close()
    except CredentialsRefused:
        return False
    return True


def test_passwords_of_a_killed_batch_are_made_anew_for_what_it_did_not_do(place: Place) -> None:
    world = World(place, people=place.people(24))
    plan = world.desk.plans.prepare("reset-password", world.ids, {"must_change": False})
    batch = world.dead((AFTER, "sent", 2), plan)
    runner = Runner(world.desk)
    assert runner.take_passwords(batch) == []
    before = runner.summary(batch).counts
    assert before[RowState.VERIFIED]
    assert before[RowState.SENT]
    assert before[RowState.PLANNED]
    assert runner.resume(batch)
    assert runner.wait(batch, 30)
    resumed = runner.take_passwords(batch)
    assert len(resumed) == before[RowState.PLANNED]
    # Of those under way nobody knows whether they were set: not even by a second look.
    assert runner.retry(batch) == before[RowState.SENT]
    assert runner.wait(batch, 30)
    retried = runner.take_passwords(batch)
    assert len(retried) == before[RowState.SENT]
    assert runner.summary(batch).counts[RowState.VERIFIED] == len(world.ids)
    for row, secret in (resumed[0], resumed[-1], retried[0], retried[-1]):
        assert lets_in(place.address, row.dn, secret)
    assert runner.resume(batch) is False
    assert runner.having_passwords == ()
    world.assert_journal()


def test_passwords_set_before_a_batch_was_cut_short_are_still_told_once_it_is_resumed(small_place: Place) -> None:
    world = World(small_place, people=small_place.people(24))
    plan = world.desk.plans.prepare("reset-password", world.ids, {"must_change": False})
    runner, batch = world.start(plan, die=(AFTER, "sent", 2), mark=world.desk.files.journal.with_name("killed"))
    assert runner.wait(batch, 30)
    done = runner.summary(batch).counts[RowState.VERIFIED]
    assert 0 < done < len(world.ids)
    elsewhere = Runner(world.desk)
    runner._command = elsewhere._command
    assert runner.resume(batch)
    assert runner.wait(batch, 30)
    told = runner.take_passwords(batch)
    assert len(told) == runner.summary(batch).counts[RowState.VERIFIED] > done
    assert all(lets_in(small_place.address, row.dn, secret) for row, secret in (told[0], told[-1]))
