"""What depends on accounts is told, and nothing that does not."""

from collections.abc import Callable
from datetime import timedelta

from mailtui.domain.account import Delivery, Kind, Standing
from mailtui.domain.plan import Facts
from mailtui.queries.impact import impact
from mailtui.queries.mirror import Mirror
from tests.cache.records import NOW, group, person

Filled = Callable[..., Mirror]

ANN, BOB = person("ann", "Ann"), person("bob", "Bob")
OFF = person("off", "Off", standing=Standing.DISABLED, delivery=Delivery.BOUNCE)
LATE = person("late", "Late", expires=NOW - timedelta(days=1))
STUCK = person("stuck", "Stuck", standing=Standing.LOCKED)


def names(found: dict[str, tuple[object, ...]]) -> dict[str, list[str]]:
    return {leaver: [reference.name for reference in references] for leaver, references in found.items()}  # type: ignore[attr-defined]


def test_an_account_on_which_nothing_depends_has_no_facts(filled: Filled) -> None:
    mirror = filled(ANN, BOB, group("staff", [ANN, BOB], owners=[ANN, BOB]))
    assert impact(mirror, [ANN.id]) == Facts()


def test_the_sole_owner_and_the_last_active_member_are_told(filled: Filled) -> None:
    mirror = filled(
        ANN,
        BOB,
        OFF,
        LATE,
        STUCK,
        group("owned", [BOB], owners=[ANN, OFF]),
        group("left", [ANN, OFF, LATE, "cn=dummy"]),
        group("held", [ANN, STUCK]),
    )
    facts = impact(mirror, [ANN.id])
    assert names(dict(facts.sole_owner_of)) == {ANN.id: ["owned"]}
    assert names(dict(facts.last_member_of)) == {ANN.id: ["left"]}


def test_those_who_leave_together_cannot_stand_in_for_each_other(filled: Filled) -> None:
    mirror = filled(
        ANN, BOB, group("pair", [ANN, BOB]), person("rep", manager_dn=ANN.dn), person("two", manager_dn=ANN.dn)
    )
    assert impact(mirror, [ANN.id]).last_member_of == {}
    assert names(dict(impact(mirror, [ANN.id, BOB.id]).last_member_of)) == {ANN.id: ["pair"], BOB.id: ["pair"]}
    assert impact(mirror, [ANN.id]).manages == {ANN.id: 2}
    assert impact(mirror, [ANN.id, "id-rep"]).manages == {ANN.id: 1}


def test_the_last_seat_of_a_shared_mailbox_is_told_as_that(filled: Filled) -> None:
    support = person("support", "Support Desk", kind=Kind.SHARED, mail="support@example.com")
    press = person("sh-press", "Press", kind=Kind.SHARED, mail="press-office@example.com")
    mirror = filled(
        ANN, BOB, support, press, group("Support", [ANN]), group("press-office", [ANN]), group("press", [ANN, BOB])
    )
    facts = impact(mirror, [ANN.id])
    assert names(dict(facts.last_seat_of)) == {ANN.id: ["Press", "Support Desk"]}
    assert facts.last_member_of == {}
    seat = facts.last_seat_of[ANN.id][1]
    assert (seat.id, seat.dn) == (support.id, support.dn)


def test_mail_that_others_forward_here_is_told_whichever_address_they_use(filled: Filled) -> None:
    ann = person("ann", "Ann", aliases=("a@Bücher.example",))
    mirror = filled(
        ann,
        person("one", "One", forwards=("ANN@example.com",)),
        person("two", "Two", forwards=("a@xn--bcher-kva.example", "ann@example.com")),
        person("off", "Off", standing=Standing.DISABLED, delivery=Delivery.BOUNCE, forwards=("ann@example.com",)),
        person("gone", "Gone", standing=Standing.DISABLED, delivery=Delivery.REDIRECT, forwards=("ann@example.com",)),
    )
    facts = impact(mirror, [ann.id])
    assert names(dict(facts.forwarded_from)) == {ann.id: ["Gone", "One", "Two"]}
    assert names(dict(impact(mirror, [ann.id, "id-two"]).forwarded_from)) == {ann.id: ["Gone", "One"]}
