"""Who works what is told of mailboxes and of people, and how many must."""

from collections.abc import Callable
from datetime import timedelta

from mailtui.domain.account import Kind, Standing
from mailtui.domain.policy import Policy, Profile
from mailtui.queries.impact import impact
from mailtui.queries.mirror import Mirror
from mailtui.queries.staff_views import Staff, Work
from mailtui.queries.staffing import seats_told, staffing
from tests.cache.records import NOW, group, person

Filled = Callable[..., Mirror]

ANN, BOB = person("ann", "Ann"), person("bob", "Bob")
OFF = person("off", "Off", standing=Standing.DISABLED)
LATE = person("late", "Aaron Late", standing=Standing.LOCKED, expires=NOW - timedelta(days=1))
SUPPORT = person("support", "Support Desk", kind=Kind.SHARED)
PRESS = person("sh-press", "Press", kind=Kind.SHARED, mail="press-office@example.com")
EMPTY = person("empty", "Empty", kind=Kind.SHARED)
TWO = Policy(profiles=(Profile("team", (("login", ("support",)),), kind=Kind.SHARED, min_seats=2),))
RECORDS = (
    ANN, BOB, OFF, LATE, SUPPORT, PRESS, EMPTY,
    group("Support", [OFF, LATE, BOB, ANN, "cn=nobody"], owners=[BOB]),
    group("press-office", [ANN]), group("press", [BOB]), group("choir", [ANN], owners=[ANN, BOB]),
)  # fmt: skip


def told(mirror: Mirror, login: str) -> Staff | Work:
    [account] = mirror.exact(login)
    return seats_told(mirror, account)


def test_a_mailbox_is_worked_by_the_members_of_its_group_those_first_who_can(filled: Filled) -> None:
    mirror = filled(*RECORDS, policy=TWO)
    support = told(mirror, "support")
    assert isinstance(support, Staff)
    assert [(seat.holder.login, seat.can_work) for seat in support.seats] == [
        ("ann", True), ("bob", True), ("late", False), ("off", False),
    ]  # fmt: skip
    assert (support.working, support.least, support.rule, support.is_short) == (2, 2, "profile team", False)
    press = told(mirror, "sh-press")
    assert isinstance(press, Staff)
    assert press.group is not None
    assert (press.group.name, press.working, press.least, press.rule) == ("press", 1, 1, "")
    empty = told(mirror, "empty")
    assert isinstance(empty, Staff)
    assert (empty.group, empty.seats, empty.is_short) == (None, (), True)


def test_of_a_person_is_told_what_they_work_and_what_they_own(filled: Filled) -> None:
    mirror = filled(*RECORDS, policy=TWO)
    ann, bob, off = told(mirror, "ann"), told(mirror, "bob"), told(mirror, "off")
    assert isinstance(ann, Work)
    assert isinstance(bob, Work)
    assert isinstance(off, Work)
    assert [(staff.mailbox.login, staff.working) for staff in bob.mailboxes] == [("sh-press", 1), ("support", 2)]
    assert [owned.name for owned in ann.owned] == ["choir"]
    # She is in a group that bears the address of the press office, but another one says who works it.
    assert [staff.mailbox.login for staff in ann.mailboxes] == ["support"]
    assert [owned.name for owned in bob.owned] == ["choir", "Support"]
    assert [staff.mailbox.login for staff in off.mailboxes] == ["support"]


def test_what_is_left_of_the_staff_counts_those_alone_who_can_work(filled: Filled) -> None:
    mirror = filled(*RECORDS, policy=TWO)
    [support] = staffing(mirror, [ANN.id, OFF.id])
    assert (support.working, support.left, support.least, support.rule) == (2, 1, 2, "profile team")
    assert support.leaving == (ANN.id,)
    press, emptied = staffing(mirror, [BOB.id, ANN.id])
    assert (press.mailbox.name, press.working, press.left, press.least) == ("Press", 1, 0, 1)
    assert (emptied.left, set(emptied.leaving)) == (0, {ANN.id, BOB.id})
    assert staffing(mirror, [OFF.id, LATE.id]) == ()
    assert impact(mirror, [ANN.id]).staffing == staffing(mirror, [ANN.id])
