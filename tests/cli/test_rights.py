"""What the rules for operators let somebody do from the command line, and that nothing is left of what they refuse."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailtui.demo.address import DemoAddress
from mailtui.demo.passwords import hashed
from tests.cli.commands import Outcome, mailtui, write_config
from tests.servers.embedded import embedded
from tests.servers.ldif import Record
from tests.servers.slapd import BASE_ENTRY

BASE = "dc=example,dc=com"
SALES, EMEA, RESEARCH = f"ou=Sales,{BASE}", f"ou=EMEA,ou=Sales,{BASE}", f"ou=Research,{BASE}"
OLGA = f"cn=olga,{BASE}"
DESK = f"cn=Help Desk,{BASE}"


def unit(dn: str) -> Record:
    return (dn, {"objectClass": ["organizationalUnit"], "ou": [dn.partition(",")[0].partition("=")[2]]})


def person(login: str, where: str) -> Record:
    return (f"uid={login},{where}", {
        "objectClass": ["inetOrgPerson", "mailUser"], "uid": [login], "cn": [login.title()], "sn": ["X"],
        "mail": [f"{login}@example.com"], "mailQuota": [str(5 << 30)],
    })  # fmt: skip


COMPANY: list[Record] = [
    BASE_ENTRY,
    *map(unit, (SALES, EMEA, RESEARCH)),
    person("anna", SALES),
    person("bert", EMEA),
    person("carl", RESEARCH),
    person("dora", RESEARCH),
    (OLGA, {"objectClass": ["person"], "cn": ["olga"], "sn": ["X"], "userPassword": [hashed(b"of olga")]}),
    (DESK, {"objectClass": ["groupOfNames"], "cn": ["Help Desk"], "member": [OLGA]}),
    (f"cn=team,{BASE}", {"objectClass": ["groupOfNames"], "cn": ["team"], "member": [f"uid=dora,{RESEARCH}"]}),
]


@pytest.fixture
def address() -> Iterator[DemoAddress]:
    with embedded(COMPANY) as running:
        yield running


class Operator:
    """Somebody at the command line, under the rules of the site."""

    def __init__(self, address: DemoAddress, file: Path, rules: str, dn: str = "", password: str = "") -> None:
        bind = {"bind_dn": f'"{dn}"'} if dn else {}
        self._config = str(write_config(file, address, password=password, more=rules, **bind))
        assert mailtui("--config", self._config, "sync").exit_code == 0

    def __call__(self, *arguments: str) -> Outcome:
        return mailtui("--config", self._config, "--json", *arguments)

    def refused(self, *arguments: str) -> str:
        outcome = self(*arguments)
        assert outcome.exit_code == 5, outcome
        return str(outcome.json["error"]["message"])


def rule(who: str, role: str, *units: str) -> str:
    where = f"units = {list(units)}\n" if units else ""
    return f"[[operators]]\n{who}\nrole = '{role}'\n{where}"


ME = f"who = 'cn=Admin, {BASE}'"


def test_outside_of_the_units_nothing_is_changed_and_nothing_journalled(address: DemoAddress, tmp_path: Path) -> None:
    operator = Operator(address, tmp_path / "a.toml", rule(ME, "helpdesk", "sales"))
    before = operator("show", "carl").json
    said = operator.refused("disable", "anna", "bert", "carl", "dora", "--yes", "--expect", "4")
    assert "carl, dora" in said
    assert "operators[1] (helpdesk) is for sales, not for Research" in said
    assert "anna" not in said
    assert "Research" in operator.refused("disable", "carl", "--dry-run")
    assert operator("batches").json == []
    assert operator("show", "carl").json | {"as_of": ""} == before | {"as_of": ""}
    assert operator("disable", "anna", "bert", "--yes", "--expect", "2").exit_code == 0


def test_a_plan_that_is_saved_for_later_is_refused_too(address: DemoAddress, tmp_path: Path) -> None:
    operator = Operator(address, tmp_path / "a.toml", rule(ME, "helpdesk", "Sales"))
    assert "carl" in operator.refused("disable", "carl", "--later", "--yes")
    assert operator("batches").json == []


def test_a_task_that_is_not_the_roles_is_refused(address: DemoAddress, tmp_path: Path) -> None:
    operator = Operator(address, tmp_path / "a.toml", rule(ME, "helpdesk"))
    said = operator.refused("delete", "anna", "--yes", "--expect", "1", "--ticket", "HD-1")
    assert "operators[1] (helpdesk) does not allow “delete”" in said
    assert operator("batches").json == []


def test_who_is_in_no_rule_may_look_and_no_more(address: DemoAddress, tmp_path: Path) -> None:
    operator = Operator(address, tmp_path / "a.toml", rule(f"who = '{OLGA}'", "administrator"))
    assert "[[operators]]" in operator.refused("unlock", "anna", "--yes")
    assert operator("show", "anna").exit_code == 0
    assert len(operator("find", "is:active").json) == 4


def test_nobody_is_moved_out_of_where_one_may_work(address: DemoAddress, tmp_path: Path) -> None:
    operator = Operator(address, tmp_path / "a.toml", rule(ME, "administrator", "Sales"))
    assert "for Sales, not for Research" in operator.refused("move", "anna", "--to", "Research", "--yes")
    assert operator("move", "anna", "--to", "EMEA", "--yes").exit_code == 0


@pytest.mark.parametrize("group", ["help desk", f"CN=Help Desk,{BASE}"])
def test_a_rule_is_for_the_members_of_a_group(address: DemoAddress, tmp_path: Path, group: str) -> None:
    rules = rule(f"group = '{group}'", "helpdesk") + rule("who = '*'", "read-only")
    olga = Operator(address, tmp_path / "olga.toml", rules, OLGA, "of olga")
    assert olga("disable", "anna", "--dry-run").exit_code == 0
    admin = Operator(address, tmp_path / "admin.toml", rules)
    assert "operators[2] (read-only)" in admin.refused("disable", "anna", "--dry-run")


def test_an_undo_takes_the_right_to_what_it_takes_back(address: DemoAddress, tmp_path: Path) -> None:
    rules = rule(ME, "administrator") + rule(f"who = '{OLGA}'", "helpdesk", "Sales")
    admin = Operator(address, tmp_path / "admin.toml", rules)
    olga = Operator(address, tmp_path / "olga.toml", rules, OLGA, "of olga")
    disabled = admin("disable", "anna", "carl", "--yes", "--expect", "2").json["batch"]
    assert "to carl: operators[2] (helpdesk) is for Sales" in olga.refused("undo", disabled, "--yes", "--expect", "2")
    deleted = admin("delete", "bert", "--yes", "--expect", "1", "--ticket", "HD-1").json["batch"]
    assert "does not allow “delete”" in olga.refused("undo", deleted, "--yes", "--expect", "1")
    joined = admin("join", "anna", "carl", "--group", "team", "--yes", "--expect", "2").json["batch"]
    assert "“join” to carl" in olga.refused("undo", joined, "--yes", "--expect", "2")
    undone = admin("undo", disabled, "--yes", "--expect", "2").json["batch"]
    assert "“disable” to carl" in olga.refused("undo", undone, "--yes", "--expect", "2")
    assert len(admin("batches").json) == 4


def test_what_somebody_else_left_open_is_not_carried_on_without_the_right(address: DemoAddress, tmp_path: Path) -> None:
    rules = rule(ME, "helpdesk") + rule(f"who = '{OLGA}'", "helpdesk", "Sales")
    admin = Operator(address, tmp_path / "admin.toml", rules)
    olga = Operator(address, tmp_path / "olga.toml", rules, OLGA, "of olga")
    saved = admin("disable", "carl", "--later", "--yes").json["batch"]
    assert "carl" in olga.refused("resume", saved, "--yes")
    assert "carl" in olga.refused("retry", saved)
    assert admin("show", "carl").json["standing"] == "active"
    assert admin("resume", saved, "--yes").exit_code == 0
