"""Tasks that change one entry each: done, read back from the server, and taken back to the byte."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event
from typing import Any

import ldap3
import pytest

from mailtui.apply.batches import carry_out
from mailtui.config import Config, DirectoryConfig
from mailtui.demo.address import DemoAddress
from mailtui.desk import OPERATOR, Desk
from mailtui.domain.batch import Batch, BatchState
from mailtui.domain.days import end_of
from mailtui.domain.entries import Act
from mailtui.domain.plan import Plan
from mailtui.domain.policy import Policy, Profile
from mailtui.domain.rules import encode_time
from mailtui.errors import Refused, UsageError
from mailtui.paths import StorePaths
from mailtui.runner.front import Runner
from tests.cli.commands import mailtui, write_config
from tests.servers.embedded import embedded
from tests.servers.ldif import Record
from tests.servers.slapd import BASE_ENTRY, USUAL_ACCESS, SlapdOptions, slapd

PEOPLE = "ou=people,dc=example,dc=com"
GIB = 1 << 30
POLICY = Policy(profiles=(Profile("staff", (("title", ("Clerk",)),), 3 * GIB),))
LAST_MOMENT = encode_time(end_of(date(2099, 12, 31))).decode()
Values = dict[str, list[str]]


def person(login: str, **values: list[str]) -> Record:
    """Give a person with a mailbox."""
    return (f"uid={login},{PEOPLE}", {
        "objectClass": ["inetOrgPerson", "mailUser"], "uid": [login], "cn": [login.title()], "sn": ["X"],
        "mail": [f"{login}@example.com"], "mailQuota": [str(5 * GIB)], **values,
    })  # fmt: skip


COMPANY: list[Record] = [
    BASE_ENTRY,
    (PEOPLE, {"objectClass": ["organizationalUnit"], "ou": ["people"]}),
    person("anna", displayName=["Anna"], title=["Clerk"], description=["old", "older"], employeeNumber=["1"]),
    person("bert", mailAlternateAddress=["b@example.com", "b@xn--bcher-kva.example"], title=["Clerk"]),
    person("carl", mailForwardingAddress=["anna@example.com"], telephoneNumber=["+49 30 1"]),
    person("dora", mailForwardingAddress=["dora@example.com", "anna@example.com"], employeeNumber=["4"]),
    person("emil", pwdAccountLockedTime=["20261101120000Z"], expiredDate=["20300101000000Z"]),
    person("fred", pwdAccountLockedTime=["000001010000Z"], manager=[f"uid=anna,{PEOPLE}"]),
    person("gina", mailQuotaUsed=[str(4 * GIB)], title=["Clerk"]),
    person("hugo", accountStatus=["disabled"]),
]


@pytest.fixture(scope="module", params=["embedded", pytest.param("slapd", marks=pytest.mark.server)])
def server(request: pytest.FixtureRequest) -> Iterator[DemoAddress]:
    """A directory that all tests of the module share, each leaving it as it was."""
    starting: Callable[..., Any] = slapd if request.param == "slapd" else embedded
    with starting(COMPANY) as address:
        yield address


class Office:
    """A desk with a mirror, and a second client that looks at the server itself."""

    def __init__(self, address: DemoAddress, folder: Path, policy: Policy = POLICY, schema: str = "demo") -> None:
        config = DirectoryConfig((address.url,), address.base, bind_dn=address.bind_dn, schema=schema)
        files = StorePaths(folder / "cache.db", folder / "journal.db", folder / "history.db")
        self.desk = Desk(Config(directory=config, policy=policy), files=files)
        self.desk.give_password(OPERATOR, address.password)
        self.desk.sync(lambda _progress: None, Event())
        server = ldap3.Server(address.url, get_info=ldap3.NONE)
        self._second = ldap3.Connection(server, address.bind_dn, address.password.reveal(), auto_bind=True)

    def entries(self) -> dict[str, dict[str, list[bytes]]]:
        """Give all entries, byte for byte, operational attributes left out but for locks."""
        self._second.search(
            "dc=example,dc=com", "(objectClass=*)", ldap3.SUBTREE, attributes=["*", "pwdAccountLockedTime"]
        )
        return {
            str(found["dn"]): {name: sorted(values) for name, values in found["raw_attributes"].items() if values}
            for found in self._second.response or ()
        }

    def plan(self, task: str, *logins: str, **answers: Any) -> Plan:
        """Plan a task, as the console and the commands do."""
        with closing(self.desk.mirror()) as mirror:
            ids = [account.id for login in logins for account in mirror.exact(login)]
        return self.desk.plans.prepare(task, ids, answers)

    def do(self, plan: Plan) -> Batch:
        """Journal a plan and carry it out, in this process."""
        operator = self.desk.operator()
        with closing(self.desk.journal()) as journal, self.desk.connected() as directory:
            name = journal.open_batch(plan, operator, datetime.now(UTC))
            return carry_out(name, self.desk.means(journal, directory, operator))

    def close(self) -> None:
        """Let the second client go."""
        self._second.unbind()


@pytest.fixture
def office(server: DemoAddress, tmp_path: Path) -> Iterator[Office]:
    """A desk of its own for each test."""
    with closing(Office(server, tmp_path)) as opened:
        yield opened


ROUND_TRIPS: list[tuple[str, list[str], dict[str, Any], dict[str, Values]]] = [
    ("edit", ["anna"], {"name": "Ánna 王"}, {"anna": {"displayName": ["Ánna 王"], "cn": ["Ánna 王"]}}),
    ("edit", ["bert"], {"name": "Bert B"}, {"bert": {"displayName": ["Bert B"], "cn": ["Bert B"]}}),
    (
        "edit",
        ["anna"],
        {"notes": "new", "employee_number": "-", "phone": "+86 10 5555", "manager": "4", "title": " Head "},
        {
            "anna": {
                "description": ["new"],
                "employeeNumber": [],
                "telephoneNumber": ["+86 10 5555"],
                "manager": [f"uid=dora,{PEOPLE}"],
                "title": ["Head"],
            },
        },
    ),
    (
        "edit",
        ["anna", "bert", "fred"],
        {"manager": "-", "title": "Clerk", "phone": "110"},
        {
            "anna": {"telephoneNumber": ["110"]},
            "bert": {"telephoneNumber": ["110"]},
            "fred": {"telephoneNumber": ["110"], "title": ["Clerk"], "manager": []},
        },
    ),
    ("add-alias", ["anna"], {"address": "A.B@Example.com"}, {"anna": {"mailAlternateAddress": ["A.B@example.com"]}}),
    (
        "add-alias",
        ["bert"],
        {"address": "bb@bücher.example"},
        {"bert": {"mailAlternateAddress": ["b@example.com", "b@xn--bcher-kva.example", "bb@xn--bcher-kva.example"]}},
    ),
    (
        "remove-alias",
        ["bert"],
        {"address": "B@bücher.example"},
        {"bert": {"mailAlternateAddress": ["b@example.com"]}},
    ),
    (
        "make-primary",
        ["bert"],
        {"address": "b@example.com"},
        {"bert": {"mail": ["b@example.com"], "mailAlternateAddress": ["b@xn--bcher-kva.example", "bert@example.com"]}},
    ),
    (
        "make-primary",
        ["anna"],
        {"address": "anna.b@example.com"},
        {"anna": {"mail": ["anna.b@example.com"], "mailAlternateAddress": ["anna@example.com"]}},
    ),
    (
        "forward",
        ["bert", "carl"],
        {"to": "EMIL@example.com"},
        {
            "bert": {"mailForwardingAddress": ["emil@example.com"]},
            "carl": {"mailForwardingAddress": ["emil@example.com"]},
        },
    ),
    (
        "forward",
        ["anna"],
        {"to": "carl@example.com", "keep_copy": True},
        {"anna": {"mailForwardingAddress": ["anna@example.com", "carl@example.com"]}},
    ),
    ("forward", ["bert"], {"to": "b@home.net"}, {"bert": {"mailForwardingAddress": ["b@home.net"]}}),
    (
        "stop-forward",
        ["carl", "dora", "anna"],
        {},
        {"carl": {"mailForwardingAddress": []}, "dora": {"mailForwardingAddress": []}},
    ),
    (
        "expire",
        ["anna", "emil"],
        {"on": "2099-12-31"},
        {"anna": {"expiredDate": [LAST_MOMENT]}, "emil": {"expiredDate": [LAST_MOMENT]}},
    ),
    ("unexpire", ["anna", "emil"], {}, {"emil": {"expiredDate": []}}),
    ("unlock", ["anna", "emil", "fred"], {}, {"emil": {"pwdAccountLockedTime": []}}),
    (
        "unlock",
        ["emil", "fred"],
        {"administrative": True},
        {"emil": {"pwdAccountLockedTime": []}, "fred": {"pwdAccountLockedTime": []}},
    ),
    (
        "set-quota",
        ["anna", "bert", "carl"],
        {"to": "profile"},
        {"anna": {"mailQuota": [str(3 * GIB)]}, "bert": {"mailQuota": [str(3 * GIB)]}},
    ),
    ("set-quota", ["gina"], {"to": "1GiB", "force": True}, {"gina": {"mailQuota": [str(GIB)]}}),
    ("apply-profile", ["anna", "carl", "gina"], {}, {"anna": {"mailQuota": [str(3 * GIB)]}}),
    ("apply-profile", ["gina"], {"force": True}, {"gina": {"mailQuota": [str(3 * GIB)]}}),
    (
        "edit",
        ["anna"],
        {"name": "ANNA", "title": "CLERK", "phone": ""},
        {"anna": {"displayName": ["ANNA"], "cn": ["ANNA"], "title": ["CLERK"]}},
    ),
    ("edit", ["carl"], {"phone": "+49301"}, {"carl": {"telephoneNumber": ["+49301"]}}),
]


@pytest.mark.parametrize(
    ("task", "logins", "answers", "changed"), ROUND_TRIPS, ids=[f"{case[0]}-{n}" for n, case in enumerate(ROUND_TRIPS)]
)
def test_a_task_is_done_read_back_and_taken_back(
    task: str, logins: list[str], answers: dict[str, Any], changed: dict[str, Values], office: Office
) -> None:
    before = office.entries()
    batch = office.do(office.plan(task, *logins, **answers))
    assert batch.state is BatchState.DONE, [row.detail for row in batch.rows]
    expected = {dn: dict(values) for dn, values in before.items()}
    for login, values in changed.items():
        expected[f"uid={login},{PEOPLE}"] |= {name: sorted(v.encode() for v in held) for name, held in values.items()}
    assert office.entries() == {
        dn: {name: held for name, held in values.items() if held} for dn, values in expected.items()
    }
    assert {row.login for row in batch.rows if row.state == "verified"} == set(changed)
    undone = office.do(office.desk.plans.prepare_undo(batch.id))
    assert undone.state is BatchState.DONE
    assert office.entries() == before


REFUSALS: list[tuple[str, list[str], dict[str, Any], str]] = [
    ("edit", ["anna"], {}, "Nothing to change"),
    ("edit", ["anna", "bert"], {"name": "X"}, "one account"),
    ("edit", ["anna", "bert"], {"employee_number": "9"}, "one account"),
    ("edit", ["bert"], {"employee_number": "4"}, "Dora"),
    ("edit", ["bert"], {"manager": "nobody"}, "no account"),
    ("add-alias", ["anna", "bert"], {"address": "x@example.com"}, "one account"),
    ("add-alias", ["anna"], {"address": "B@example.com"}, "Bert"),
    ("add-alias", ["anna"], {"address": "dora@example.com"}, "Dora"),
    ("add-alias", ["anna"], {"address": "anna@elsewhere.net"}, "not a domain of ours"),
    ("remove-alias", ["anna"], {"address": "anna@example.com"}, "main address"),
    ("make-primary", ["anna"], {"address": "b@bücher.example"}, "Bert"),
    ("forward", ["anna"], {"to": "nobody@example.com"}, "no address of this directory"),
    ("forward", ["anna"], {"to": "hugo@example.com"}, "not active"),
    ("forward", ["anna"], {"to": "carl@example.com"}, "go round"),
    ("expire", ["anna"], {"on": "2020-01-01"}, "is over"),
    ("set-quota", ["gina"], {"to": "profile"}, "already uses 4 GiB"),
    ("change-profile", ["gina"], {"to": "nobody"}, "no profile"),
]


@pytest.mark.parametrize(("task", "logins", "answers", "why"), REFUSALS)
def test_what_cannot_be_is_refused_with_what_stands_in_the_way(
    task: str, logins: list[str], answers: dict[str, Any], why: str, office: Office
) -> None:
    before = office.entries()
    with pytest.raises((Refused, UsageError), match=why):
        office.plan(task, *logins, **answers)
    assert office.entries() == before


def test_mail_to_who_keeps_a_copy_does_not_go_round(office: Office) -> None:
    assert office.plan("forward", "anna", to="dora@example.com").changing


def test_domains_of_the_policy_are_ours_and_no_others(server: DemoAddress, tmp_path: Path) -> None:
    policy = Policy(domains=("Bücher.example",), external_forward="deny")
    with closing(Office(server, tmp_path, policy)) as office:
        assert office.plan("add-alias", "anna", address="anna@xn--bcher-kva.example").changing
        with pytest.raises(Refused, match="not a domain of ours"):
            office.plan("add-alias", "anna", address="anna2@example.com")
        with pytest.raises(Refused, match="Policy"):
            office.plan("forward", "anna", to="anna@home.net")
        # An account of the directory is never outside.
        assert office.plan("forward", "bert", to="anna@example.com").changing


def test_what_is_seen_on_the_way_is_told(office: Office) -> None:
    assert [caution.kind for caution in office.plan("forward", "bert", to="b@home.net").warnings] == [
        "external-forwards"
    ]
    lifted = office.plan("unlock", "emil", "fred", administrative=True)
    assert ["Fred was locked by an administrator" in caution.text for caution in lifted.warnings] == [True]
    (skipped,) = office.plan("unlock", "fred").rows
    assert "--administrative" in skipped.skip


def test_a_day_that_was_named_by_distance_stays_that_day(office: Office) -> None:
    plan = office.plan("expire", "anna", on="+30d")
    assert date.fromisoformat(str(plan.answers["on"])).isoformat() in plan.title


def test_a_plan_from_the_mirror_alone_starts_from_the_same_values(office: Office) -> None:
    with closing(office.desk.mirror()) as mirror:
        ids = [account.id for login in ("anna", "carl", "emil", "fred") for account in mirror.exact(login)]
    cases: list[tuple[str, dict[str, Any]]] = [
        ("edit", {"title": "Head", "phone": "110", "manager": "dora"}),
        ("unexpire", {}),
        ("forward", {"to": "bert@example.com"}),
        ("apply-profile", {}),
    ]
    for task, answers in cases:
        plans = office.desk.plans
        assert plans.prepare_unread(task, ids, answers).rows == plans.prepare(task, ids, answers).rows


def test_they_are_verbs_with_options(server: DemoAddress, tmp_path: Path) -> None:
    config = str(write_config(tmp_path / "config.toml", server))
    assert mailtui("--config", config, "sync").exit_code == 0
    done = mailtui("--config", config, "--json", "edit", "carl", "--phone", "-", "--title", "Clerk", "--yes")
    assert done.exit_code == 0, done
    assert {change["attribute"]: change["add"] for change in done.json["rows"][0]["changes"]} == {
        "title": ["Clerk"], "telephoneNumber": [],
    }  # fmt: skip
    shown = mailtui("--config", config, "--json", "show", "carl").json
    assert (shown["title"], shown["phone"]) == ("Clerk", None)
    assert mailtui("--config", config, "--json", "undo", done.json["batch"], "--yes").exit_code == 0
    refused = mailtui("--config", config, "--json", "add-alias", "anna", "carl", "--address", "x@example.com", "--yes")
    assert refused.exit_code == 5
    assert "one account" in refused.json["error"]["message"]


POLICED = """
overlay ppolicy
ppolicy_default "cn=policy,dc=example,dc=com"
"""
PASSWORDS: Record = ("cn=policy,dc=example,dc=com", {
    "objectClass": ["applicationProcess", "pwdPolicy"], "cn": ["policy"], "pwdAttribute": ["userPassword"],
    "pwdLockout": ["TRUE"], "pwdMaxFailure": ["2"], "pwdMustChange": ["TRUE"],
})  # fmt: skip


@pytest.mark.server
def test_who_failed_log_ins_have_locked_out_is_let_in_again(tmp_path: Path) -> None:
    locked = person("anna", userPassword=["right"])
    with slapd([*COMPANY[:2], PASSWORDS, locked], SlapdOptions(access=USUAL_ACCESS + POLICED)) as address:

        def gets_in(password: str) -> bool:
            client = ldap3.Connection(ldap3.Server(address.url, get_info=ldap3.NONE), locked[0], password)
            try:
                return bool(client.bind())
            finally:
                client.unbind()

        assert [gets_in(password) for password in ("right", "wrong", "wrong", "right")] == [True, False, False, False]
        with closing(Office(address, tmp_path)) as office:
            unlocked = office.do(office.plan("unlock", "anna"))
            assert unlocked.state is BatchState.DONE
            assert gets_in("right")
            assert office.do(office.desk.plans.prepare_undo(unlocked.id)).state is BatchState.DONE
        assert not gets_in("right")


@pytest.mark.server
def test_a_new_password_must_be_changed_where_the_directory_has_a_policy(tmp_path: Path) -> None:
    anna = person("anna", userPassword=["old one"])
    with (
        slapd([*COMPANY[:2], PASSWORDS, anna], SlapdOptions(access=USUAL_ACCESS + POLICED)) as address,
        closing(Office(address, tmp_path)) as office,
    ):
        plan = office.plan("reset-password", "anna")
        assert [row.act for row in plan.rows] == [Act.PASSWORD, Act.MODIFY]
        runner = Runner(office.desk)
        batch = runner.start(plan)
        assert runner.wait(batch, 30)
        assert office.desk.batch(batch).state is BatchState.DONE
        ((_row, made),) = runner.take_passwords(batch)
        client = ldap3.Connection(ldap3.Server(address.url, get_info=ldap3.NONE), anna[0], made.reveal())
        assert client.bind()
        # Who must change a password may do nothing else before (draft-behera-ldap-password-policy-11 section 8.1.2.2).
        assert not client.search(anna[0], "(objectClass=*)", ldap3.BASE)
        assert client.result["result"] == 50
        client.unbind()
        with closing(office.desk.mirror()) as mirror:
            assert [account.login for account in mirror.exact("anna")] == ["anna"]
