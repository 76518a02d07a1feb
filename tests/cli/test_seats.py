"""Shared mailboxes stay staffed, accounts are kept and addresses rest as the site's rules say, on real directories."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from mailtui.apply.batches import carry_out
from mailtui.cli.app import run_verb
from mailtui.demo.address import DemoAddress
from mailtui.domain.account import Delivery, Kind
from mailtui.domain.batch import Batch, BatchState
from mailtui.domain.newcomer import Newcomer
from mailtui.domain.plan import Plan
from mailtui.domain.policy import Policy, Profile
from mailtui.errors import Refused
from tests.cli.commands import write_config
from tests.cli.test_account_tasks import PEOPLE, Office, person
from tests.servers.embedded import embedded
from tests.servers.ldif import Record
from tests.servers.slapd import BASE_ENTRY, slapd

SHARED, GROUPS = f"ou=Shared Mailboxes,{PEOPLE}", "ou=groups,dc=example,dc=com"
RULES = """
[policy]
holds = ["group:lawsuit"]
[[profiles]]
name = "team"
kind = "shared"
min_seats = 2
"""
POLICY = Policy(
    address_reuse_days=30,
    holds=("group:lawsuit",),
    profiles=(
        Profile("team", kind=Kind.SHARED, min_seats=2),
        Profile("guard", (("title", ("Guard",)),), delivery=Delivery.BOUNCE),
        Profile("clerk", (("title", ("Clerk",)),), retention_days=30),
    ),
)


def unit(dn: str) -> Record:
    return dn, {"objectClass": ["organizationalUnit"], "ou": [dn.partition("=")[2].partition(",")[0]]}


def group(name: str, *logins: str, owner: str = "anna") -> Record:
    members = [f"uid={login},{PEOPLE}" for login in logins]
    owners = [f"uid={owner},{PEOPLE}"]
    return f"cn={name},{GROUPS}", {"objectClass": ["groupOfNames"], "cn": [name], "member": members, "owner": owners}


def shared(login: str) -> Record:
    dn, values = person(login)
    return dn.replace(PEOPLE, SHARED), values


COMPANY: list[Record] = [
    BASE_ENTRY, unit(PEOPLE), unit(SHARED), unit(GROUPS),
    person("anna", title=["Clerk"]),
    person("bert", title=["Guard"]),
    person("carl", title=["Clerk"], accountStatus=["disabled"]),
    person("dora", mailAlternateAddress=["d@example.com"]),
    person("hold", title=["Clerk"]),
    shared("support"), shared("press"),
    group("support", "anna", "bert", "carl"),
    group("press", "anna", "carl", owner="bert"),
    group("lawsuit", "hold"),
]  # fmt: skip


@pytest.fixture(scope="module", params=["embedded", pytest.param("slapd", marks=pytest.mark.server)])
def server(request: pytest.FixtureRequest) -> Iterator[DemoAddress]:
    """A directory that all tests of the module share, each leaving it as it was."""
    starting: Callable[..., Any] = slapd if request.param == "slapd" else embedded
    with starting(COMPANY) as address:
        yield address


@pytest.fixture
def office(server: DemoAddress, tmp_path: Path) -> Iterator[Office]:
    """A desk of its own for each test."""
    with closing(Office(server, tmp_path, POLICY)) as opened:
        yield opened


def done(office: Office, plan: Plan, *, days_ago: float = 0) -> Batch:
    """Carry a plan out as if it were some days ago."""
    at, operator = datetime.now(UTC) - timedelta(days=days_ago), office.desk.operator()
    with closing(office.desk.journal()) as journal, office.desk.connected() as directory:
        means = replace(office.desk.means(journal, directory, operator), clock=lambda: at)
        batch = carry_out(journal.open_batch(plan, operator, at), means)
    assert batch.state is BatchState.DONE, [row.detail for row in batch.rows]
    # What was read so long ago is not taken into the mirror.
    office.desk.sync(lambda _progress: None, Event())
    return batch


def taken_back(office: Office, batch: Batch) -> None:
    done(office, office.desk.plans.prepare_undo(batch.id))


def test_the_last_who_can_work_a_mailbox_keeps_the_seat_unless_it_is_forced(office: Office) -> None:
    before = office.entries()
    for task, answers in (("revoke-seat", {"mailbox": "press"}), ("leave", {"group": "press"})):
        with pytest.raises(Refused, match="Nobody active would work Press"):
            office.plan(task, "anna", **answers)
        assert office.plan(task, "carl", **answers).changing
        forced = office.plan(task, "anna", **answers, force=True)
        assert "unstaffed" in [caution.kind for caution in forced.warnings]
    taken_back(office, done(office, forced))
    assert office.entries() == before


def test_every_task_that_leaves_too_few_seats_says_so(office: Office) -> None:
    text = "Support would have 1 active seat, profile team says at least 2"
    revoked = office.plan("revoke-seat", "bert", mailbox="support@example.com")
    for plan in (revoked, office.plan("disable", "bert"), office.plan("delete", "bert")):
        assert text in [caution.text for caution in plan.warnings]
    assert text not in [caution.text for caution in office.plan("disable", "dora").warnings]


def test_a_mailbox_is_made_with_its_least_seats(office: Office) -> None:
    def made(*seats: str) -> Any:
        team = Newcomer(name="Team", login="team", kind=Kind.SHARED, owner="anna", seats=seats)
        return office.desk.creating.prepare_new([team])

    for seats in (("anna",), ("carl",)):
        [problem] = made(*seats).problems
        assert problem.text == "1 active account would work Team, profile team says at least 2"
    assert made("bert").plan is not None


def test_mail_of_the_disabled_goes_by_their_profiles(office: Office) -> None:
    before = office.entries()
    batch = done(office, office.plan("disable", "anna", "bert"))
    status = {login: office.entries()[f"uid={login},{PEOPLE}"]["accountStatus"] for login in ("anna", "bert")}
    assert status == {"anna": [b"noaccess"], "bert": [b"disabled"]}
    taken_back(office, batch)
    assert office.entries() == before


def test_the_disabled_are_kept_for_as_long_as_rules_say(office: Office) -> None:
    with pytest.raises(Refused, match="Anna is not disabled yet"):
        office.plan("delete", "anna")
    for task, days, is_kept in (("disable", 29, True), ("disable", 31, False), ("leaver", 29, True)):
        batch = done(office, office.plan(task, "anna"), days_ago=days)
        if is_kept:
            with pytest.raises(Refused, match="Anna is to be kept until"):
                office.plan("delete", "anna")
            assert office.plan("delete", "anna", force=True).changing
        else:
            assert office.plan("delete", "anna").changing
        taken_back(office, batch)
    # Whoever disabled him did it elsewhere.
    assert "kept-unknown" in [caution.kind for caution in office.plan("delete", "carl").warnings]


def test_nothing_deletes_who_is_on_hold(office: Office) -> None:
    with pytest.raises(Refused, match=r"Hold is on hold and cannot be deleted: group lawsuit"):
        office.plan("delete", "hold", "bert", force=True)


def test_a_new_account_that_came_to_be_on_hold_is_not_taken_back(office: Office) -> None:
    before = office.entries()
    plan = office.desk.creating.prepare_new([Newcomer(name="New One", login="newone")], has_passwords=False).plan
    assert plan is not None
    batch = done(office, plan)
    joined = done(office, office.plan("join", "newone", group="lawsuit"))
    with pytest.raises(Refused, match="New One is on hold"):
        office.desk.plans.prepare_undo(batch.id)
    taken_back(office, joined)
    taken_back(office, batch)
    assert office.entries() == before


GIVEN_UP: list[tuple[str, dict[str, str], str]] = [
    ("add-alias", {"address": "D@example.com"}, "d@example.com"),
    ("make-primary", {"address": "d@example.com"}, "d@example.com"),
    ("rename", {"login": "dd", "address": "d@example.com"}, "d@example.com"),
    ("rename", {"login": "DORA"}, "DORA"),
]


def test_what_somebody_gave_up_is_nobody_elses_until_it_has_rested(office: Office) -> None:
    before = office.entries()
    for days, is_resting in ((31, False), (29, True)):
        gone = done(office, office.plan("remove-alias", "dora", address="d@example.com"), days_ago=days)
        renamed = done(office, office.plan("rename", "dora", login="dorothea"), days_ago=days)
        until = (datetime.now(UTC) + timedelta(days=30 - days)).astimezone().date().isoformat()
        # Her old address stays with her as an alias, so it is the log-in alone that rests.
        for task, answers, key in GIVEN_UP[: 4 if is_resting else 3]:
            if is_resting:
                with pytest.raises(Refused, match=rf"(?i){key} was that of Dora .* before {until}") as refused:
                    office.plan(task, "bert", **answers)
                assert refused.value.hint
            else:
                assert office.plan(task, "bert", **answers).changing
        new = office.desk.creating.prepare_new([Newcomer(name="New One", login="bella", address="D@example.com")])
        assert (new.plan is None) is is_resting
        for problem in new.problems:
            assert problem.text == f"D@example.com was that of Dora (dora): nobody else gets it before {until}"
        assert office.plan("add-alias", "dorothea", address="d@example.com").changing
        assert office.plan("rename", "dorothea", login="dora").changing
        taken_back(office, renamed)
        taken_back(office, gone)
    assert office.entries() == before


def test_a_log_in_is_spelled_anew_and_back(office: Office) -> None:
    before = office.entries()
    # He is in a group and owns another: both name him as well as before.
    batch = done(office, office.plan("rename", "bert", login="Bert"))
    assert office.entries()[f"uid=Bert,{PEOPLE}"]["uid"] == [b"Bert"]
    taken_back(office, batch)
    assert office.entries() == before


def test_who_works_what_is_told_by_a_verb_and_by_show(
    server: DemoAddress, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = str(write_config(tmp_path / "config.toml", server, more=RULES))

    def said(*arguments: str) -> str:
        assert run_verb(["--config", config, *arguments]) == 0
        return capsys.readouterr().out

    def told(*arguments: str) -> Any:
        return json.loads(said("--json", *arguments))

    assert told("sync")
    team = told("seats", "press@example.com")
    assert (set(team), team["account"]["login"]) == ({"account", "worked_by"}, "press")
    staff = team["worked_by"]
    assert [staff[key] for key in ("working", "minimum", "rule")] == [1, 2, "profile team"]
    assert [(seat["login"], seat["standing"], seat["can_work"]) for seat in staff["seats"]] == [
        ("anna", "active", True), ("carl", "disabled", False),
    ]  # fmt: skip
    assert set(staff["seats"][0]) == {"id", "login", "name", "mail", "standing", "department", "can_work"}
    assert staff["group"]["dn"] == f"cn=press,{GROUPS}"
    assert "! 1 active of at least 2  (profile team)" in said("seats", "press")
    anna = told("seats", "anna")
    assert [(one["login"], one["working"], one["minimum"]) for one in anna["works"]] == [
        ("press", 1, 2), ("support", 2, 2),
    ]  # fmt: skip
    assert [one["name"] for one in anna["owns"]] == ["lawsuit", "support"]
    text = said("seats", "anna")
    assert "support@example.com" in text
    assert "Owns: lawsuit, support" in text
    assert "No shared mailbox" in said("seats", "dora")
    assert told("show", "press")["worked_by"] == staff
    assert {**told("show", "anna"), **anna} == {**told("show", "anna"), "account": anna["account"]}
    assert told("show", "hold")["hold"] == "group lawsuit"
    assert "cannot be deleted: group lawsuit" in said("show", "hold")
    kinds = {one["kind"] for one in told("impact", "bert", "hold")["cautions"]}
    assert {"understaffed", "on-hold"} <= kinds
    assert told("why", "press")["causes"][-1]["kind"] == "understaffed"
