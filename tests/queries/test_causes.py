"""Each cause of trouble is told once, with its basis and the task that mends it, and nothing that is no trouble."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from mailtui.domain.account import Delivery, Kind, Standing
from mailtui.domain.mirror import AccountRecord, Record
from mailtui.domain.policy import Policy, Profile
from mailtui.plans.catalogue import by_name
from mailtui.queries.causes import Cause, CauseKind, causes
from mailtui.queries.mirror import Mirror
from tests.cache.records import NOW, group, person

Filled = Callable[..., Mirror]
GIB = 1 << 30
ANN = person("ann", "Ann")
GONE = person("gone", "Gone", standing=Standing.DISABLED, delivery=Delivery.BOUNCE)
LATE = person("late", "Late", expires=NOW - timedelta(days=1))
AWAY = person("away", "Away", standing=Standing.DISABLED, delivery=Delivery.REDIRECT, forwards=("ann@example.com",))
SUPPORT = person("support", "Support", kind=Kind.SHARED)


def full(percent: int) -> AccountRecord:
    return person("x", "Xu", quota_limit=10 * GIB, quota_used=percent * GIB // 10)


def only(mirror: Mirror, login: str = "x", policy: Policy | None = None, disabled_by: str = "") -> list[Cause]:
    account = mirror.account(f"id-{login}")
    assert account is not None
    return list(causes(mirror, account, policy or Policy(), NOW, disabled_by))


KEPT = {"to": "ann@example.com", "keep_copy": True}
CASES: list[tuple[AccountRecord, tuple[Record, ...], CauseKind, str, str | None, dict[str, object]]] = [
    (person("x", standing=Standing.DISABLED, delivery=Delivery.BOUNCE), (), CauseKind.DISABLED,
     "The account is disabled, mail bounces", "enable", {}),
    (person("x", standing=Standing.LOCKED), (), CauseKind.LOCKED, "Failed log-ins have locked the account", "unlock",
     {}),
    (person("x", standing=Standing.PENDING), (), CauseKind.PENDING, "never used", None, {}),
    (person("x", expires=NOW), (), CauseKind.EXPIRED, "The account expired on 2026-11-", "unexpire", {}),
    (full(100), (), CauseKind.FULL, "The mailbox is full: 10 GiB of 10 GiB (100%)", "set-quota", {"to": "+3GiB"}),
    (full(95), (), CauseKind.NEARLY_FULL, "nearly full: 9.5 GiB of 10 GiB (95%)", "set-quota", {"to": "+3GiB"}),
    (person("x", services=("imap",)), (), CauseKind.SERVICE_OFF, "POP3, SMTP are off", None, {}),
    (person("x", forwards=("ann@example.com",)), (), CauseKind.FORWARD_ONLY,
     "All mail is forwarded to ann@example.com and no copy is kept", "forward", KEPT),
    (person("x", forwards=("X@example.com", "gone@example.com")), (GONE,), CauseKind.FORWARD_DEAD,
     "forwarded to gone@example.com, whose account (Gone) is disabled", "stop-forward", {}),
    (person("x", forwards=("x@example.com", "late@example.com")), (LATE,), CauseKind.FORWARD_DEAD,
     "late@example.com, whose account (Late) has expired", "stop-forward", {}),
    (person("x", forwards=("x@example.com", "nobody@example.com")), (), CauseKind.FORWARD_DEAD,
     "nobody@example.com, which is nobody's address", "stop-forward", {}),
    (person("x", forwards=("x@example.com", "me@elsewhere.org")), (), CauseKind.FORWARD_EXTERNAL,
     "Mail is forwarded outside, to me@elsewhere.org", "stop-forward", {}),
    (person("x", aliases=("sales@example.com",)), (person("sales", "Sales"),), CauseKind.CLASH,
     "sales@example.com is also an address of Sales", "remove-alias", {"address": "sales@example.com"}),
    (person("x", mail="ann@example.com"), (), CauseKind.CLASH, "ann@example.com is also an address of Ann", None, {}),
    (person("x", "X", kind=Kind.SHARED), (GONE, LATE, group("x", [GONE, LATE])), CauseKind.UNSTAFFED,
     "the group x has none", None, {}),
    (person("x", "X", kind=Kind.SHARED), (), CauseKind.UNSTAFFED, "no group bears its log-in", None, {}),
]  # fmt: skip


@pytest.mark.parametrize(("record", "others", "kind", "text", "task", "answers"), CASES)
def test_each_cause_is_told_once_with_what_mends_it(
    filled: Filled,
    record: AccountRecord,
    others: tuple[Record, ...],
    kind: CauseKind,
    text: str,
    task: str | None,
    answers: dict[str, object],
) -> None:
    [cause] = only(filled(ANN, record, *others))
    assert (cause.kind, cause.task, dict(cause.answers)) == (kind, task, answers)
    assert text in cause.text
    assert cause.basis
    assert bool(cause.advice) is (kind is CauseKind.UNSTAFFED)
    if task:
        by_name(task).answered(cause.answers)


def test_a_mailbox_with_fewer_who_can_work_it_than_rules_ask_for_is_told_so(filled: Filled) -> None:
    team = (person("x", "X", kind=Kind.SHARED), GONE, group("x", [ANN, GONE]))
    policy = Policy(profiles=(Profile("team", kind=Kind.SHARED, min_seats=2),))
    mirror = filled(ANN, *team)
    [short] = causes(mirror, mirror.exact("x")[0], policy, NOW)
    assert (short.kind, short.text) == (
        CauseKind.UNDERSTAFFED,
        "Only 1 active has a seat in it, profile team says at least 2",
    )
    assert short.advice
    assert causes(mirror, mirror.exact("x")[0], Policy(), NOW) == ()


@pytest.mark.parametrize(
    "record",
    [
        person("x"),
        full(89),
        person("x", quota_limit=0, quota_used=GIB),
        person("x", services=("IMAP", "pop3", "smtp", "sieve")),
        person("x", expires=NOW + timedelta(days=1)),
        person("x", forwards=("x@example.com", "ann@example.com")),
        person("x", forwards=("x@example.com", "away@example.com")),
        person("x", kind=Kind.SHARED),
    ],
)
def test_nothing_is_told_of_an_account_that_is_well(filled: Filled, record: AccountRecord) -> None:
    assert only(filled(ANN, AWAY, record, group("x", [ANN, GONE]))) == []


def test_mail_that_goes_round_is_told_with_the_way_it_takes(filled: Filled) -> None:
    there = person("there", "There", forwards=("back@example.com",))
    back = person("back", "Back", forwards=("x@example.com",))
    mirror = filled(person("x", "Xu", forwards=("there@example.com",)), there, back)
    loop, kept = only(mirror)
    assert (loop.kind, loop.task) == (CauseKind.FORWARD_LOOP, "stop-forward")
    assert loop.text == "Mail goes round: Xu → There → Back → Xu"
    assert (kept.kind, kept.task) == (CauseKind.FORWARD_ONLY, "stop-forward")


def test_who_keeps_a_copy_ends_a_round(filled: Filled) -> None:
    there = person("there", forwards=("x@example.com", "there@example.com"))
    mirror = filled(person("x", forwards=("there@example.com",)), there)
    assert [cause.kind for cause in only(mirror)] == [CauseKind.FORWARD_ONLY]


def test_the_worst_comes_first(filled: Filled) -> None:
    record = person(
        "x",
        standing=Standing.DISABLED,
        delivery=Delivery.RECEIVE,
        expires=NOW,
        quota_limit=10 * GIB,
        quota_used=9 * GIB,
        services=("smtp", "pop3"),
    )
    kinds = [cause.kind for cause in only(filled(record))]
    assert kinds == [CauseKind.DISABLED, CauseKind.EXPIRED, CauseKind.SERVICE_OFF, CauseKind.NEARLY_FULL]


def test_the_batch_that_disabled_it_is_named(filled: Filled) -> None:
    [cause] = only(filled(GONE), "gone", disabled_by="B7")
    assert cause.text.endswith("mail bounces, since batch B7")


def test_policy_says_what_is_thought_of_forwarding_outside(filled: Filled) -> None:
    mirror = filled(ANN, person("x", forwards=("x@example.com", "me@elsewhere.org")))
    assert only(mirror, policy=Policy(external_forward="allow")) == []
    assert only(mirror, policy=Policy(domains=("elsewhere.org", "example.com")))[0].kind is CauseKind.FORWARD_DEAD
    assert only(mirror, policy=Policy(external_forward="deny"))[0].text.endswith("which policy forbids")


def test_the_room_offered_is_the_profiles_where_that_is_enough(filled: Filled) -> None:
    mirror = filled(full(120))
    for quota, to in ((20 * GIB, "profile"), (0, "profile"), (10 * GIB, "+5GiB"), (None, "+5GiB")):
        policy = Policy(profiles=(Profile("all", when=(("login", ("*",)),), quota_bytes=quota),))
        assert only(mirror, policy=policy)[0].answers == {"to": to}
