"""Apply and change profile: what rules allot, as the changes of accounts and of the groups that they join."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mailtui.domain.account import Delivery, Kind, Reference
from mailtui.domain.change import Change
from mailtui.domain.days import end_of
from mailtui.domain.entries import EntryKind
from mailtui.domain.plan import Facts, GroupTarget, Plan, Target
from mailtui.domain.policy import Department, Policy, Profile
from mailtui.domain.quota import Quota
from mailtui.domain.rules import encode_time
from mailtui.domain.schema import Schema
from mailtui.domain.staffing import Staffing
from mailtui.errors import MailtuiError, Refused, UsageError
from mailtui.plans.catalogue import by_name
from tests.plans.conftest import MakeTarget

QUOTA, SERVICES, EXPIRY = "mailQuota", "enabledService", "expiredDate"
GIB = 1 << 30
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FULL_TIME = Profile("staff", kind=Kind.PERSON, quota_bytes=5 * GIB, groups=("All",))
INTERN = Profile(
    "intern", (("group", ("interns",)),), GIB, services=("imap", "smtp"), groups=("all", "Mentees"), expires_days=90
)  # fmt: skip
HEAD = Profile("head", (("title", ("Head", "Director *")),), 50 * GIB)
BOSS = Profile("boss", (("title", ("CEO",)),), 50 * GIB, protected=True)
SERVICE = Profile("service", kind=Kind.SERVICE)
NOBODY = Profile("nobody")
NIGHT = Profile("night", (("department", ("Nights",)), ("title", ("Guard",))))
RULES = Policy(
    profiles=(BOSS, HEAD, INTERN, NIGHT, SERVICE, NOBODY, FULL_TIME),
    departments=(Department("Research", quota_bytes=10 * GIB), Department("Labs", groups=("labs",))),
)


def size(gib: int) -> bytes:
    return str(gib * GIB).encode()


def dn(login: str) -> bytes:
    return f"uid={login},ou=people,dc=example,dc=com".encode()


def group(name: str, *logins: str) -> GroupTarget:
    return GroupTarget(f"id-{name}", f"cn={name},dc=example,dc=com", name, {"member": tuple(map(dn, logins))})


def facts(*groups: GroupTarget) -> Facts:
    return Facts(groups_named={each.name.casefold(): each for each in groups}, now=NOW)


GROUPS = facts(group("all", "zoe"), group("mentees", "zoe"), group("interns", "zoe", "ivo"), group("labs", "zoe"))


def planned(task: str, schema: Schema, targets: list[Target], known: Facts = GROUPS, **answers: Any) -> Plan:
    return by_name(task).plan(targets, answers, known, schema, RULES)


def changes(plan: Plan) -> dict[str, dict[str, tuple[tuple[bytes, ...], tuple[bytes, ...]]]]:
    """Give what is removed and added, by name of the entry and attribute."""
    return {
        row.name: {change.attribute: (change.remove, change.add) for change in row.changes} for row in plan.changing
    }


def intern(make_target: MakeTarget, login: str, values: Mapping[str, tuple[bytes, ...]], **fields: Any) -> Target:
    return make_target(login, dict(values), groups=(Reference("id-interns", "Interns", "cn=interns"),), **fields)


def test_accounts_are_brought_to_all_that_their_rules_say_in_one_plan(schema: Schema, make_target: MakeTarget) -> None:
    targets = [
        intern(make_target, "ivo", {QUOTA: (size(3),), SERVICES: (b"IMAP", b"pop3")}),
        make_target("zoe", {QUOTA: (size(5),)}),
        make_target("uwe", {QUOTA: (size(5),), SERVICES: (b"pop3",)}),
        make_target("bot", kind=Kind.SERVICE),
    ]
    plan = planned("apply-profile", schema, targets)
    last = encode_time(end_of(datetime(2027, 2, 18, tzinfo=UTC).date()))
    assert changes(plan) == {
        "Ivo": {QUOTA: ((size(3),), (size(1),)), SERVICES: ((b"pop3",), (b"smtp",)), EXPIRY: ((), (last,))},
        "all": {"member": ((), (dn("ivo"), dn("uwe")))},
        "mentees": {"member": ((), (dn("ivo"),))},
    }
    assert [row.kind for row in plan.rows] == [EntryKind.ACCOUNT] * 4 + [EntryKind.GROUP] * 2
    assert (plan.accounts, plan.title) == (2, "Apply the profiles of 2 accounts")
    _ivo, zoe, uwe, bot = (row.skip for row in plan.rows[:4])
    assert (zoe, uwe) == ("it is already as profile staff would have it", "only its groups change: all")
    assert bot == "the profile service says nothing that could be applied"


def test_what_a_department_says_takes_the_place_of_the_profiles_word(schema: Schema, make_target: MakeTarget) -> None:
    path = ("people", "Research", "Labs")
    plan = planned("apply-profile", schema, [make_target("uwe", {QUOTA: (size(5),)}, department_path=path)])
    assert changes(plan) == {"Uwe": {QUOTA: ((size(5),), (size(10),))}, "labs": {"member": ((), (dn("uwe"),))}}
    (again,) = planned(
        "apply-profile", schema, [make_target("zoe", {QUOTA: (size(10),)}, department_path=path)]
    ).rows  # fmt: skip
    assert again.skip == "it is already as department Research, department Labs would have it"
    quota = planned("set-quota", schema, [make_target("uwe", {QUOTA: (size(5),)}, department_path=path)], to="profile")
    assert changes(quota) == {"Uwe": {QUOTA: ((size(5),), (size(10),))}}


@pytest.mark.parametrize(
    ("what", "touched"),
    [
        ("quota", {"Ivo"}), (" Services ", {"Ivo"}), ("groups", {"all", "mentees"}), ("expiry", {"Ivo"}),
        ("quota,groups", {"Ivo", "all", "mentees"}),
    ],
)  # fmt: skip
def test_only_what_is_asked_for_is_applied(
    what: str, touched: set[str], schema: Schema, make_target: MakeTarget
) -> None:
    target = intern(make_target, "ivo", {QUOTA: (size(3),), SERVICES: (b"pop3",)})
    plan = planned("apply-profile", schema, [target], what=what)
    assert set(changes(plan)) == touched
    attributes = {name.strip().casefold() for name in what.split(",")} - {"groups"}
    assert len(plan.rows[0].changes) == len(attributes)


def test_what_could_not_be_applied_is_no_answer(schema: Schema, make_target: MakeTarget) -> None:
    for what in ("quota,naming", ","):
        with pytest.raises(UsageError, match="could be applied"):
            planned("apply-profile", schema, [make_target("uwe")], what=what)


def test_what_an_account_has_beside_its_rules_stays_with_it(schema: Schema, make_target: MakeTarget) -> None:
    held = {QUOTA: (size(1),), EXPIRY: (b"20300101000000Z",)}
    target = intern(make_target, "zoe", held)
    (row,) = planned("apply-profile", schema, [target]).rows
    assert not row.changes
    assert "profile intern" in row.skip


def test_a_group_that_is_not_there_is_warned_of_and_the_rest_is_done(schema: Schema, make_target: MakeTarget) -> None:
    plan = planned("apply-profile", schema, [make_target("uwe", {QUOTA: (size(1),)})], Facts(now=NOW))
    assert set(changes(plan)) == {"Uwe"}
    assert [caution.text for caution in plan.warnings] == ["There is no group All to join, as profile staff says"]


def test_a_title_that_alone_decides_is_given_with_what_its_profile_says(
    schema: Schema, make_target: MakeTarget
) -> None:
    target = make_target("uwe", {QUOTA: (size(5),), "title": (b"Clerk",)}, title="Clerk")
    given_answers: list[dict[str, Any]] = [{"to": "BOSS"}, {"to": "boss", "title": "ceo"}]
    for answers in given_answers:
        given = changes(planned("change-profile", schema, [target], **answers))["Uwe"]
        assert given[QUOTA] == ((size(5),), (size(50),))
        assert given["title"][1][0].lower() == b"ceo"


def test_who_gets_another_profile_joins_and_leaves_the_groups_that_decide(
    schema: Schema, make_target: MakeTarget
) -> None:
    uwe, ivo = make_target("uwe", {QUOTA: (size(5),)}), intern(make_target, "ivo", {QUOTA: (size(1),)})
    assert changes(planned("change-profile", schema, [uwe], to="intern", what="quota,groups")) == {
        "Uwe": {QUOTA: ((size(5),), (size(1),))},
        "all": {"member": ((), (dn("uwe"),))},
        "mentees": {"member": ((), (dn("uwe"),))},
        "interns": {"member": ((), (dn("uwe"),))},
    }
    assert changes(planned("change-profile", schema, [ivo], to="staff")) == {
        "Ivo": {QUOTA: ((size(1),), (size(5),))},
        "all": {"member": ((), (dn("ivo"),))},
        "interns": {"member": ((dn("ivo"),), ())},
    }


def test_who_gets_another_profile_by_groups_alone_counts_as_changed(schema: Schema, make_target: MakeTarget) -> None:
    ivo = intern(make_target, "ivo", {QUOTA: (size(1),)}, expires=datetime(2030, 1, 1, tzinfo=UTC))
    plan = planned("change-profile", schema, [ivo], to="staff", what="services,expiry")
    assert (set(changes(plan)), plan.accounts) == ({"interns"}, 1)
    assert plan.rows[0].skip == "only its groups change: interns"
    assert [caution.kind for caution in plan.warnings] == ["still-expires"]


def test_an_end_that_the_new_profile_knows_nothing_of_is_warned_of(schema: Schema, make_target: MakeTarget) -> None:
    ivo = intern(make_target, "ivo", {EXPIRY: (b"20300101120000Z",)}, expires=datetime(2030, 1, 1, 12, tzinfo=UTC))
    plan = planned("change-profile", schema, [ivo], to="staff")
    assert [caution.kind for caution in plan.warnings] == ["still-expires"]


REFUSALS: list[tuple[dict[str, Any], dict[str, Any], Facts, type[MailtuiError], str]] = [
    ({}, {"to": "bos"}, GROUPS, UsageError, "no profile"),
    ({}, {"to": "head"}, GROUPS, Refused, "title is Head | Director"),
    ({}, {"to": "head", "title": "Clerk"}, GROUPS, Refused, "title is Head | Director"),
    ({}, {"to": "nobody"}, GROUPS, Refused, "for nobody"),
    ({}, {"to": "service"}, GROUPS, Refused, "kind is service"),
    ({}, {"to": "night", "title": "Guard"}, GROUPS, Refused, "department is Nights"),
    ({"title": "CEO"}, {"to": "intern"}, GROUPS, Refused, "still have the profile boss"),
    ({}, {"to": "intern"}, facts(), Refused, "no group “interns”"),
]


@pytest.mark.parametrize(("fields", "answers", "known", "kind", "why"), REFUSALS)
def test_what_decides_and_cannot_be_changed_is_said(
    fields: dict[str, Any],
    answers: dict[str, Any],
    known: Facts,
    kind: type[MailtuiError],
    why: str,
    schema: Schema,
    make_target: MakeTarget,
) -> None:
    with pytest.raises(kind) as raised:
        planned("change-profile", schema, [make_target("uwe", **fields)], known, **answers)
    assert why in raised.value.message
    assert raised.value.hint


def test_a_title_chosen_among_several_is_taken(schema: Schema, make_target: MakeTarget) -> None:
    plan = planned("change-profile", schema, [make_target("zoe")], to="head", title="Director of Sales")
    assert changes(plan)["Zoe"]["title"] == ((), (b"Director of Sales",))


def test_who_has_the_profile_already_is_left_alone(schema: Schema, make_target: MakeTarget) -> None:
    (row,) = planned("change-profile", schema, [make_target("zoe", {QUOTA: (size(1),)})], to="staff").rows
    assert "already" in row.skip


def test_no_group_is_left_without_a_member(schema: Schema, make_target: MakeTarget) -> None:
    alone = facts(group("interns", "ivo"), group("all", "ivo"))
    with pytest.raises(Refused, match="without a member"):
        planned("change-profile", schema, [intern(make_target, "ivo", {})], alone, to="staff")


def test_a_profile_is_not_changed_by_taking_the_last_seat_of_a_mailbox_unless_it_is_forced(
    schema: Schema, make_target: MakeTarget
) -> None:
    def known(working: int, *leaving: str) -> Facts:
        staffed = Staffing(Reference("id-desk", "Desk", "uid=desk"), "id-interns", working, leaving, 3, "profile team")
        return replace(GROUPS, staffing=(staffed,))

    # Zoe has a seat too, but none of her groups says that she is an intern: she keeps it.
    both = [intern(make_target, "ivo", {}), make_target("zoe")]
    with pytest.raises(Refused, match="Nobody active would work Desk") as refused:
        planned("change-profile", schema, both, known(1, "id-ivo"), to="staff")
    assert "--force" in refused.value.hint
    for facts_known, force, kind in (
        (known(1, "id-ivo"), True, "unstaffed"),
        (known(2, "id-ivo", "id-zoe"), False, "understaffed"),
    ):
        plan = planned("change-profile", schema, both, facts_known, to="staff", force=force)
        assert [(one.kind, one.account_id) for one in plan.warnings] == [(kind, "id-ivo")]
    assert planned("change-profile", schema, both, known(4, "id-ivo", "id-zoe"), to="staff").warnings == ()


def test_who_is_left_out_for_using_more_joins_no_group_either(schema: Schema, make_target: MakeTarget) -> None:
    full = make_target("uwe", {QUOTA: (size(9),)}, quota=Quota(9 * GIB, used_bytes=8 * GIB))
    plan = planned("apply-profile", schema, [full, make_target("ida", {QUOTA: (size(9),)})])
    assert changes(plan) == {"Ida": {QUOTA: ((size(9),), (size(5),))}, "all": {"member": ((), (dn("ida"),))}}
    with pytest.raises(Refused, match="already uses 8 GiB"):
        planned("change-profile", schema, [full], to="intern")


def test_a_group_gets_all_that_come_into_it_by_one_change(schema: Schema, make_target: MakeTarget) -> None:
    targets = [make_target(f"n{number}", {QUOTA: (size(5),)}) for number in range(300)]
    plan = planned("apply-profile", schema, targets)
    (row,) = plan.changing
    assert row.changes == (Change("member", add=tuple(dn(f"n{number}") for number in range(300))),)
    assert plan.size == 300


AGENCY = Profile("agency", (("title", ("Guard",)),), delivery=Delivery.BOUNCE)
DUTY = Profile("duty", (("title", ("Duty",)),), delivery=Delivery.REDIRECT)


def switched_off(task: str, schema: Schema, targets: list[Target], **answers: Any) -> Plan:
    return by_name(task).plan(targets, answers, facts(), schema, Policy(profiles=(AGENCY, DUTY, FULL_TIME)))


@pytest.mark.parametrize("task", ["disable", "leaver"])
def test_it_is_put_to_somebody_that_profiles_decide_about_mail_only_where_one_says_anything_else(task: str) -> None:
    plainly = ["receive", "redirect", "bounce"]
    (question, *others) = by_name(task).questions
    receiving = replace(AGENCY, delivery=Delivery.RECEIVE)
    for policy in (Policy(), RULES, Policy(profiles=(receiving,))):
        assert [choice.value for choice in question.under(policy).choices] == plainly
    assert [choice.value for choice in question.under(Policy(profiles=(DUTY,))).choices] == ["", *plainly]
    assert [other.under(Policy(profiles=(DUTY,))) for other in others] == others


@pytest.mark.parametrize("task", ["disable", "leaver"])
def test_mail_of_who_is_disabled_goes_by_each_ones_own_profile_unless_somebody_says_otherwise(
    task: str, schema: Schema, make_target: MakeTarget
) -> None:
    both = [make_target("uwe"), make_target("ida", title="Guard")]
    plan = switched_off(task, schema, both)
    assert [row.changes[0].add for row in plan.rows[:2]] == [(b"noaccess",), (b"disabled",)]
    assert [(c.kind, c.text) for c in plan.warnings] == [
        ("bounces", "Mail of 1 account bounces, as profile agency says")
    ]
    said = switched_off(task, schema, both, delivery="receive")
    assert [row.changes[0].add for row in said.rows[:2]] == [(b"noaccess",), (b"noaccess",)]
    assert said.warnings == ()


def test_a_profile_that_has_mail_redirected_asks_to_whom(schema: Schema, make_target: MakeTarget) -> None:
    with pytest.raises(Refused, match="Mail of Ida is to be redirected, as profile duty says") as refused:
        switched_off("disable", schema, [make_target("uwe"), make_target("ida", title="Duty")])
    assert "name a colleague" in refused.value.hint
