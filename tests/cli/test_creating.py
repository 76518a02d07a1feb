"""Accounts created: added, let in with the password that was shown, in their groups, and taken back to the byte."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import ldap3
import pytest

from mailtui.demo.address import DemoAddress
from mailtui.desk.creating import Prepared
from mailtui.domain.account import Kind
from mailtui.domain.batch import Batch, BatchState
from mailtui.domain.newcomer import Newcomer
from mailtui.domain.plan import Plan
from mailtui.domain.policy import Department, Policy, Profile
from mailtui.runner.front import Runner
from tests.cli.commands import Outcome, mailtui, write_config
from tests.cli.test_account_tasks import PEOPLE, Office, person
from tests.servers.embedded import embedded
from tests.servers.ldif import Record
from tests.servers.slapd import BASE_ENTRY, USUAL_ACCESS, SlapdOptions, slapd

GROUPS = "ou=groups,dc=example,dc=com"
SALES = f"ou=Sales,{PEOPLE}"
SHARED = f"ou=Shared Mailboxes,{PEOPLE}"
GIB = 1 << 30


def unit(dn: str, name: str) -> Record:
    return dn, {"objectClass": ["organizationalUnit"], "ou": [name]}


def group(name: str, *members: str) -> Record:
    return f"cn={name},{GROUPS}", {"objectClass": ["groupOfNames"], "cn": [name], "member": list(members)}


COMPANY: list[Record] = [
    BASE_ENTRY,
    unit(PEOPLE, "people"), unit(GROUPS, "groups"), unit(SALES, "Sales"), unit(SHARED, "Shared Mailboxes"),
    person("anna", displayName=["Anna"], employeeNumber=["1"]),
    person("bert", mailAlternateAddress=["carl.cook@example.com"]),
    person("dora", mailForwardingAddress=["emil.east@example.com"]),
    group("sellers", f"uid=anna,{PEOPLE}"), group("everybody", f"uid=anna,{PEOPLE}"),
]  # fmt: skip
POLICY = Policy(
    naming=("{name}",),
    profiles=(Profile("director", (("title", ("*Director*",)),), 20 * GIB, groups=("everybody",)),),
    departments=(Department("Sales", groups=("sellers", "everybody")),),
)
ZHOU = Newcomer(
    given="Wenxuan", surname="Zhou", department="sales", title="Sales Director", employee_number="7", manager="anna",
    phone="+86 10 5555 1234",
)  # fmt: skip
TEAM = Newcomer(kind=Kind.SHARED, name="Marketing", owner="anna", seats=("bert", "dora"))
SCANNER = Newcomer(kind=Kind.SERVICE, name="Scan to Mail", owner="bert", expires="2099-12-31", login="scanner")


@pytest.fixture(scope="module", params=["embedded", pytest.param("slapd", marks=pytest.mark.server)])
def server(request: pytest.FixtureRequest) -> Iterator[DemoAddress]:
    """A directory that all tests of the module share, each leaving it as it was."""
    starting: Callable[..., Any] = slapd if request.param == "slapd" else embedded
    with starting(COMPANY) as address:
        yield address


class Hiring(Office):
    """An office where people begin."""

    def __init__(self, address: DemoAddress, folder: Path, schema: str = "demo") -> None:
        super().__init__(address, folder, POLICY, schema)
        self.address = address
        self.runner = Runner(self.desk)

    def prepared(self, *newcomers: Newcomer, **how: Any) -> Prepared:
        return self.desk.creating.prepare_new(newcomers, **how)

    def plan_new(self, *newcomers: Newcomer, **how: Any) -> Plan:
        prepared = self.prepared(*newcomers, **how)
        assert prepared.plan is not None, prepared.problems
        assert not prepared.problems
        return prepared.plan

    def carried_out(self, plan: Plan) -> tuple[Batch, dict[str, str]]:
        """Have a process of its own carry a plan out; gives the new passwords by DN, too."""
        name = self.runner.start(plan)
        assert self.runner.wait(name, 60)
        made = {row.dn: secret.reveal() for row, secret in self.runner.take_passwords(name)}
        return self.desk.batch(name), made

    def undone(self, batch: Batch) -> Batch:
        return self.carried_out(self.desk.plans.prepare_undo(batch.id))[0]

    def lets_in(self, dn: str, password: str) -> bool:
        connection = ldap3.Connection(ldap3.Server(self.address.url, get_info=ldap3.NONE), dn, password)
        try:
            return bool(connection.bind())
        finally:
            connection.unbind()

    def known(self, login: str) -> Any:
        with closing(self.desk.mirror()) as mirror:
            (account,) = mirror.exact(login)
        return account


@pytest.fixture
def office(server: DemoAddress, tmp_path: Path) -> Iterator[Hiring]:
    """A desk of its own for each test."""
    with closing(Hiring(server, tmp_path)) as opened:
        yield opened


def states(batch: Batch) -> set[str]:
    return {row.state.value for row in batch.rows}


def texts(values: Sequence[bytes]) -> list[str]:
    return [value.decode() for value in values]


def test_a_person_begins_by_the_rules_of_title_and_department_and_is_gone_again(office: Hiring) -> None:
    before = office.entries()
    batch, made = office.carried_out(office.plan_new(ZHOU))
    assert (batch.state, states(batch)) == (BatchState.DONE, {"verified"})
    dn = f"uid=zhou.wenxuan,{SALES}"
    entry = {name: texts(values) for name, values in office.entries()[dn].items()}
    assert entry.pop("userPassword")
    assert entry == {
        "objectClass": ["inetOrgPerson", "mailUser"], "uid": ["zhou.wenxuan"], "displayName": ["Zhou Wenxuan"],
        "cn": ["Zhou Wenxuan"], "sn": ["Zhou"], "givenName": ["Wenxuan"], "mail": ["zhou.wenxuan@example.com"],
        "accountStatus": ["active"], "title": ["Sales Director"], "employeeNumber": ["7"],
        "telephoneNumber": ["+86 10 5555 1234"], "manager": [f"uid=anna,{PEOPLE}"], "mailQuota": [str(20 * GIB)],
    }  # fmt: skip
    for name in ("sellers", "everybody"):
        assert dn.encode() in office.entries()[f"cn={name},{GROUPS}"]["member"]
    assert list(made) == [dn]
    assert office.lets_in(dn, made[dn])
    assert not office.lets_in(dn, made[dn] + "x")
    assert (office.known("zhou.wenxuan").profile, office.known("7").department) == ("director", "Sales")
    back = office.undone(batch)
    assert (back.state, states(back)) == (BatchState.DONE, {"verified"})
    assert office.entries() == before


def test_a_shared_mailbox_has_an_owner_and_a_group_of_those_who_work_it(office: Hiring) -> None:
    before = office.entries()
    batch, made = office.carried_out(office.plan_new(TEAM))
    assert (batch.state, states(batch), made) == (BatchState.DONE, {"verified"}, {})
    entries = office.entries()
    assert f"uid=marketing,{SHARED}" in entries
    seats = entries[f"cn=marketing,{GROUPS}"]
    assert seats["owner"] == [f"uid=anna,{PEOPLE}".encode()]
    assert texts(seats["member"]) == [f"uid={login},{PEOPLE}" for login in ("anna", "bert", "dora")]
    assert office.known("marketing").kind is Kind.SHARED
    grant = office.plan("revoke-seat", "dora", mailbox="marketing")
    assert grant.rows[0].dn == f"cn=marketing,{GROUPS}"
    assert office.undone(batch).state is BatchState.DONE
    assert office.entries() == before


def test_who_got_a_seat_since_keeps_the_group_from_being_deleted(office: Hiring) -> None:
    before = office.entries()
    batch, _made = office.carried_out(office.plan_new(replace(TEAM, seats=("bert",))))
    granted = office.do(office.plan("grant-seat", "dora", mailbox="marketing"))
    back = office.desk.plans.prepare_undo(batch.id)
    assert [bool(row.conflict) for row in back.rows] == [False, True]
    office.do(office.desk.plans.prepare_undo(granted.id))
    assert office.undone(batch).state is BatchState.DONE
    assert office.entries() == before


def test_a_service_has_an_owner_and_an_end_and_is_never_asked_to_change_its_password(office: Hiring) -> None:
    before = office.entries()
    plan = office.plan_new(SCANNER)
    assert "must-change" not in [caution.kind for caution in plan.warnings]
    batch, made = office.carried_out(plan)
    dn = f"uid=scanner,{PEOPLE}"
    assert office.lets_in(dn, made[dn])
    entry = office.entries()[dn]
    assert entry["manager"] == [f"uid=bert,{PEOPLE}".encode()]
    assert entry["employeeType"] == [b"service"]
    assert entry["expiredDate"][0].startswith((b"20991231", b"21000101"))
    assert office.known("scanner").kind is Kind.SERVICE
    assert office.undone(batch).state is BatchState.DONE
    assert office.entries() == before


LIST = """\
surname,given,department,title,employee number,phone,manager
Berg,Änne,Sales,Sales Director,21,+49 30 1,anna
Berg,Änne,Sales,Clerk,22,,
Cook,Carl,Sales,Clerk,23,,
East,Emil,Sales,Clerk,24,,
"""
WRONG = """\
姓名;部门;职位;工号;电话;上级
王伟;销售;销售员;31;;
Петров Иван;Sales;Clerk;1;n/a;nobody
李娜;Sales;Clerk;32;;anna
李明;Sales;Clerk;32;;anna
"""


@pytest.fixture
def config(server: DemoAddress, tmp_path: Path) -> str:
    more = '[policy]\nnaming = ["{name}"]\n[[departments]]\nunit = "Sales"\ngroups = ["sellers"]\n'
    return str(write_config(tmp_path / "config.toml", server, more=more))


def create(config: str, tmp_path: Path, *arguments: str, table: bytes = b"") -> Outcome:
    if table:
        (tmp_path / "people.csv").write_bytes(table)
        arguments = ("--from", str(tmp_path / "people.csv"), *arguments)
    return mailtui("create", *arguments, MAILTUI_CONFIG=config)


def test_a_list_gives_each_a_log_in_of_their_own_and_the_passwords_go_into_a_file(
    config: str, tmp_path: Path, office: Hiring
) -> None:
    before = office.entries()
    secrets = tmp_path / "secrets.txt"
    done = create(config, tmp_path, "--yes", "--json", "--to-file", str(secrets), table=LIST.encode())
    assert done.exit_code == 0, done.err
    added = sorted(set(office.entries()) - set(before))
    # carl.cook and emil.east are addresses that somebody has, or is forwarded to.
    assert added == [f"uid={login},{SALES}" for login in ("aenne.berg", "aenne.berg2", "carl.cook2", "emil.east2")]
    assert secrets.stat().st_mode & 0o777 == 0o600
    made = dict(line.split("\t") for line in secrets.read_text().splitlines())
    assert office.lets_in(added[1], made["aenne.berg2"])
    assert "passwords" not in done.json
    undone = mailtui("undo", done.json["batch"], "--yes", MAILTUI_CONFIG=config)
    assert undone.exit_code == 0, undone.out
    assert office.entries() == before


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_every_problem_of_every_line_is_told_before_anything_is_done(
    config: str, tmp_path: Path, office: Hiring, encoding: str
) -> None:
    before = office.entries()
    table = WRONG if encoding == "utf-8-sig" else WRONG.replace("Петров Иван", "かな")
    done = create(config, tmp_path, "--yes", "--json", table=table.encode(encoding))
    assert done.exit_code == 5
    told = [(row["line"], row["problem"].split("”")[0].split(" is to")[0]) for row in done.json["rows"]]
    assert [line for line, _problem in told] == [2, 3, 3, 3, 3, 5]
    assert told[0][1] == "There is no org unit “销售"
    assert "has the employee number 1" in told[2][1]
    assert told[5][1] == "李娜"
    assert office.entries() == before
    rest = create(config, tmp_path, "--dry-run", "--json", "--skip-unmatched", table=table.encode(encoding))
    assert rest.exit_code == 0
    assert rest.err.count("left out") == 6
    assert {row["login"] for row in rest.json["rows"] if row["dn"].startswith("uid=")} == {"li.na"}


def test_one_that_cannot_be_is_refused_with_the_reason(config: str, tmp_path: Path, office: Hiring) -> None:
    before = office.entries()
    refused: list[tuple[tuple[str, ...], str]] = [
        (("--surname", "Петров"), "spelled in Latin letters"),
        (("--given", "Anna"), "is needed"),
        (("--name", "Carl Cook", "--login", "anna"), "anna is somebody's"),
        (("--name", "Carl Cook", "--address", "emil.east@example.com"), "somebody's"),
        (("--name", "Carl Cook", "--address", "carl@elsewhere.net"), "not a domain of ours"),
        (("--name", "Carl Cook", "--login", "a b"), "no log-in"),
        (("--name", "Carl Cook", "--department", "Moon"), "no org unit"),
        (("--name", "Carl Cook", "--profile", "king"), "no profile"),
        (("--name", "Carl Cook", "--quota", "+2GiB"), "no limit to add to"),
        (("--name", "Carl Cook", "--expires", "2020-01-01"), "is over"),
        (("--kind", "shared", "--name", "Sales", "--owner", "anna"), "seat"),
        (("--kind", "shared", "--name", "Sales", "--seat", "anna"), "answers for"),
        (("--kind", "shared", "--name", "sellers", "--seat", "anna", "--owner", "anna"), "a group “sellers” already"),
        (("--kind", "service", "--name", "Scanner", "--owner", "anna"), "Until when"),
    ]
    for arguments, reason in refused:
        done = create(config, tmp_path, "--yes", *arguments)
        assert done.exit_code == 5, (arguments, done)
        assert reason in done.err, (arguments, done.err)
    assert office.entries() == before


def test_a_table_without_names_is_refused(config: str, tmp_path: Path) -> None:
    done = create(config, tmp_path, "--yes", table=b"title,phone\nClerk,1\n")
    assert done.exit_code == 2
    assert "column of names" in done.err
    assert create(config, tmp_path, "--login", "x", table=LIST.encode()).exit_code == 2


def test_a_dry_run_shows_the_entry_and_changes_nothing(config: str, tmp_path: Path, office: Hiring) -> None:
    before = office.entries()
    done = create(config, tmp_path, "--surname", "Zhou", "--given", "Wenxuan", "--department", "Sales", "--dry-run")
    assert done.exit_code == 0
    assert f"added: uid=zhou.wenxuan,{SALES}" in done.out
    assert "mail: – → zhou.wenxuan@example.com" in done.out
    assert office.entries() == before


def test_a_welcome_text_is_the_sites_own_or_one_in_the_readers_language(
    config: str, tmp_path: Path, office: Hiring
) -> None:
    before = office.entries()
    carl = ("--name", "Carl Cook", "--login", "carl", "--department", "Sales", "--yes")
    letter, template = tmp_path / "letter.txt", Path(config).with_name("welcome.txt")

    def welcomed(to: str, language: str) -> tuple[str, str]:
        done = mailtui("create", *carl, "--welcome", to, MAILTUI_CONFIG=config, LC_ALL=language)
        assert done.exit_code == 0, done.err
        dn = f"uid=carl,{SALES}"
        password = next(line.split()[-1] for line in done.out.splitlines() if line.startswith("carl  "))
        assert office.lets_in(dn, password)
        assert mailtui("undo", done.out.splitlines()[-1].split()[0], "--yes", MAILTUI_CONFIG=config).exit_code == 0
        return done.out if to == "-" else Path(to).read_text(), password

    text, password = welcomed(str(letter), "C.UTF-8")
    assert letter.stat().st_mode & 0o777 == 0o600
    assert text.startswith("Dear Carl Cook,")
    assert f"Password:  {password}\n" in text
    template.write_text("{name}/{address}/{department}/{password}{title}")
    letter.unlink()
    text, password = welcomed(str(letter), "zh_CN.UTF-8")
    assert text == f"Carl Cook/carl@example.com/Sales/{password}"
    template.write_text("{pasword}")
    refused = mailtui("create", *carl, "--welcome", "-", MAILTUI_CONFIG=config)
    assert (refused.exit_code, "{password}" in refused.err) == (2, True)
    assert office.entries() == before


def test_what_rules_for_operators_do_not_allow_is_not_created(
    server: DemoAddress, tmp_path: Path, office: Hiring
) -> None:
    before = office.entries()
    more = '[[operators]]\nwho = "*"\nunits = ["Sales"]\nrole = "administrator"\n'
    more += '[[operators]]\nwho = "*"\nrole = "helpdesk"\n'
    limited = str(write_config(tmp_path / "limited.toml", server, more=more))
    carl = ("--name", "Carl Cook", "--login", "carl")
    refused = create(limited, tmp_path, *carl, "--yes")
    assert (refused.exit_code, "does not allow" in refused.err) == (5, True)
    assert create(limited, tmp_path, *carl, "--department", "Sales", "--dry-run").exit_code == 0
    assert office.entries() == before


def test_a_namesake_is_told_and_passwords_come_with_the_id_of_their_account(
    config: str, tmp_path: Path, office: Hiring
) -> None:
    before = office.entries()
    done = create(config, tmp_path, "--name", "anna", "--login", "anna2", "--yes", "--json")
    assert done.exit_code == 0, done.err
    assert any("called Anna already" in text for text in done.json["warnings"])
    (made,) = done.json["passwords"]
    assert made["id"] == done.json["rows"][0]["id"] != ""
    assert mailtui("undo", done.json["batch"], "--yes", MAILTUI_CONFIG=config).exit_code == 0
    assert office.entries() == before


POLICED = f"""
overlay ppolicy
ppolicy_default "cn=policy,{BASE_ENTRY[0]}"
"""
PLAIN: list[Record] = [
    BASE_ENTRY, unit(PEOPLE, "people"),
    (f"cn=policy,{BASE_ENTRY[0]}", {
        "objectClass": ["applicationProcess", "pwdPolicy"], "cn": ["policy"], "pwdAttribute": ["userPassword"],
        "pwdMustChange": ["TRUE"],
    }),
]  # fmt: skip


@pytest.mark.server
def test_in_plain_openldap_the_password_policy_asks_for_another_password_and_nothing_else_is_invented(
    tmp_path: Path,
) -> None:
    with (
        slapd(PLAIN, SlapdOptions(access=USUAL_ACCESS + POLICED)) as address,
        closing(Hiring(address, tmp_path, "inetorgperson")) as office,
    ):
        before = office.entries()
        refused = office.prepared(Newcomer(name="Carl Cook", quota="5GiB", title="Clerk"))
        assert "quota" in refused.problems[0].text
        newcomer = Newcomer(name="Carl Cook", address="carl@example.com", title="Clerk", expires="2099-12-31")
        with pytest.raises(AssertionError, match="No mail domain"):
            office.plan_new(newcomer)
        office.desk.policy = replace(POLICY, domains=("example.com",))
        batch, made = office.carried_out(office.plan_new(newcomer))
        # The server asks by itself for another password where an administrator has set one.
        assert [row.state.value for row in batch.rows] == ["verified", "verified", "skipped"]
        dn = f"uid=carl,{PEOPLE}"
        assert texts(office.entries()[dn]["objectClass"]) == ["inetOrgPerson"]
        connection = ldap3.Connection(ldap3.Server(address.url, get_info=ldap3.NONE), dn, made[dn], auto_bind=True)
        assert not connection.search(PEOPLE, "(uid=carl)", attributes=["cn"]), "a password must be changed first"
        connection.unbind()
        assert office.undone(batch).state is BatchState.DONE
        assert office.entries() == before
