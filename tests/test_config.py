"""Config files: what is refused, how it is said, and what the site has the last word on."""

from dataclasses import fields
from pathlib import Path

import pytest

from mailtui import paths
from mailtui.cli.context import Options
from mailtui.config import Config, load
from mailtui.domain.account import Delivery, Kind
from mailtui.domain.policy import UNLIMITED, Department, Policy, Profile
from mailtui.domain.rights import OperatorRule, Role
from mailtui.errors import ConfigError

GOOD = """
[directory]
urls = ["ldaps://ldap.example.com"]
base = "dc=example,dc=com"
bind_dn = "uid={user},ou=operators,dc=example,dc=com"
password_command = ["cat", "/run/pw"]
[directory.sync]
bind_dn = "cn=sync,dc=example,dc=com"
[policy]
ticket_required = true
ticket_pattern = "HD-[0-9]+"
[[profiles]]
name = "executive"
when = { title = ["CEO", "*Director*"] }
quota = "50 GiB"
protected = true
"""


def read(folder: Path, user: str, site: str = "") -> Config:
    files = folder / "user.toml", folder / "site.toml"
    for file, text in zip(files, (user, site), strict=True):
        file.write_text(text, encoding="utf-8")
    return load(*files)


def test_a_config_is_read_whole(tmp_path: Path) -> None:
    config = read(tmp_path, GOOD)
    assert config.directory is not None
    assert config.directory.urls == ("ldaps://ldap.example.com",)
    assert "{user}" not in config.directory.bind_dn
    assert config.directory.sync is not None
    assert config.directory.sync.bind_dn == "cn=sync,dc=example,dc=com"
    assert config.policy.accepts_ticket("HD-1")
    assert not config.policy.accepts_ticket("HD-")
    assert config.policy.profiles[0].quota_bytes == 50 << 30


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[directry]\n", "directry"),
        ("[directory]\nurl = []\n", "directory.url"),
        ("[directory]\nurls = 'ldap://x'\n", "directory.urls"),
        ("[directory]\nurls = ['ldap://x']\n", "directory.base"),
        ("[directory]\nurls = []\nbase = 'dc=x'\n", "directory.urls"),
        ("[directory]\nurls = ['ldap://x']\nbase = 'dc=x'\nbind = 'magic'\n", "directory.bind"),
        ("[directory.sync]\npassword = 'x'\n", "directory.sync.password"),
        ("[policy]\nbatch_limit = true\n", "policy.batch_limit"),
        ("[policy]\nbatch_limit = -1\n", "policy.batch_limit"),
        ("[policy]\nticket_pattern = '['\n", "policy.ticket_pattern"),
        ("[[profiles]]\nquota = '1 GiB'\n", "profiles[1].name"),
        ("[[profiles]]\nname = 'x'\nquota = 'much'\n", "profiles[1].quota"),
        ("[[profiles]]\nname = 'x'\nwhen = { titel = 'CEO' }\n", "profiles[1].when.titel"),
        ("[policy]\nprotected = 'group:board'\n", "policy.protected"),
        ("[policy]\nprotected = ['group:board', 'dpt:Board']\n", "policy.protected[2]"),
        ("[policy]\nprotected = ['is:disbled']\n", "policy.protected[1]"),
        ("[policy]\nprotected = ['profile:executive']\n", "policy.protected[1]"),
        ("[policy]\nprotected = ['group:']\n", "policy.protected[1]"),
        ("[policy]\nprotected = ['group:board is:active']\n", "policy.protected[1]"),
        ("[policy]\nprotected = ['']\n", "policy.protected[1]"),
        ("[policy]\nprotected = ['dept:Board *']\n", "policy.protected[1]"),
        ("[policy]\njournal_dir = 'journals'\n", "policy.journal_dir"),
        ("[policy]\njournal_days = -1\n", "policy.journal_days"),
        ("[policy]\ndomains = ['example']\n", "policy.domains[1]"),
        ("[policy]\nexternal_forward = 'refuse'\n", "policy.external_forward"),
        ("[policy]\npassword_style = 'word'\n", "policy.password_style"),
        ("[policy]\npassword_length = 7\n", "policy.password_length"),
        ("[policy]\numlauts = 'oe'\n", "policy.umlauts"),
        ("[policy]\nnaming = ['{given}', '{sirname}']\n", "policy.naming[2]"),
        ("[policy]\nreserved_names = 'root'\n", "policy.reserved_names"),
        ("profiles = 3\n", "profiles"),
        ("profiles = [3]\n", "profiles[1]"),
        ("[[profiles]]\nname = 'x'\nsevices = []\n", "profiles[1].sevices"),
        ("[[profiles]]\nname = 'x'\nkind = 'team'\n", "profiles[1].kind"),
        ("[[profiles]]\nname = 'x'\nquota = 0\n", "profiles[1].quota"),
        ("[[profiles]]\nname = 'x'\nservices = 'imap'\n", "profiles[1].services"),
        ("[[profiles]]\nname = 'x'\ngroups = ['staff', ' ']\n", "profiles[1].groups"),
        ("[[profiles]]\nname = 'x'\nnaming = 'staff'\n", "profiles[1].naming"),
        ("[[profiles]]\nname = 'x'\ndelivery = 'keep'\n", "profiles[1].delivery"),
        ("[[profiles]]\nname = 'x'\nretention_days = -1\n", "profiles[1].retention_days"),
        ("[[profiles]]\nname = 'x'\nexpires_days = 0\n", "profiles[1].expires_days"),
        ("[departments]\nunit = 'x'\n", "departments"),
        ("[[departments]]\nquota = '1 GiB'\n", "departments[1].unit"),
        ("[[departments]]\nunit = 'x'\nowners = 'a'\n", "departments[1].owners"),
        ("[[departments]]\nunit = 'x'\ndomain = 'a@b.c'\n", "departments[1].domain"),
        ("[policy]\ndomains = ['a.example']\n[[departments]]\nunit = 'x'\ndomain = 'b.example'\n", "departments[1]"),
        ("operators = 3\n", "operators"),
        ("[[operators]]\nrole = 'helpdesk'\n", "operators[1].who"),
        ("[[operators]]\nwho = ' '\nrole = 'helpdesk'\n", "operators[1].who"),
        ("[[operators]]\nwho = '*'\ngroup = 'desk'\nrole = 'helpdesk'\n", "operators[1].who"),
        ("[[operators]]\nwho = 'uid=a,b'\nrole = 'helpdesk'\n", "operators[1].who"),
        ("[[operators]]\ngroup = 'cn=desk,nowhere'\nrole = 'helpdesk'\n", "operators[1].group"),
        ("[[operators]]\nwho = '*'\n", "operators[1].role"),
        ("[[operators]]\nwho = '*'\nrole = 'help desk'\n", "operators[1].role"),
        ("[[operators]]\nwho = '*'\nrole = 'helpdesk'\nunits = []\n", "operators[1].units"),
        ("[[operators]]\nwho = '*'\nrole = 'helpdesk'\nunits = 'Sales'\n", "operators[1].units"),
        ("[[operators]]\nwho = '*'\nrole = 'helpdesk'\nunit = ['Sales']\n", "operators[1].unit"),
        ("[[operators]]\nwho = '*'\ntasks = ['unlock', 'set-qota']\n", "operators[1].tasks[2]"),
        ("policy = 3\n", "policy"),
        ("[directory\n", "no valid TOML"),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_file_and_a_hint(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(ConfigError) as failure:
        read(tmp_path, text)
    assert named in failure.value.message
    assert "user.toml" in failure.value.message
    assert failure.value.hint
    assert failure.value.exit_code == 2


def test_an_unknown_key_is_met_with_the_nearest_known_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as failure:
        read(tmp_path, "[policy]\nticket_requird = true\n")
    assert "ticket_required" in failure.value.hint


@pytest.mark.parametrize(
    ("rule", "near"), [("dpt:Board", "dept:"), ("profil:executive", "profile:"), ("profile:exekutive", "executive")]
)
def test_a_wrong_rule_of_protection_is_met_with_the_nearest_known_one(tmp_path: Path, rule: str, near: str) -> None:
    with pytest.raises(ConfigError) as failure:
        read(tmp_path, f"[policy]\nprotected = ['{rule}']\n[[profiles]]\nname = 'executive'\n")
    assert f"“{near}”" in failure.value.hint


@pytest.mark.parametrize(
    "rule",
    ["profile:Executive", "group:board", 'group:"Team: A"', "group:cn=board,dc=x", "kind:service", "-is:active", "ann"],
)
def test_a_rule_of_protection_is_kept_as_it_was_written(tmp_path: Path, rule: str) -> None:
    config = read(tmp_path, f"[policy]\nprotected = ['{rule}']\n[[profiles]]\nname = 'executive'\n")
    assert config.policy.protected == (rule,)


def test_what_the_site_sets_stands(tmp_path: Path) -> None:
    site = "[policy]\nticket_required = true\nbatch_limit = 5\n"
    config = read(tmp_path, "[policy]\nbatch_limit = 5000\nlock_after_minutes = 3\n", site)
    assert config.policy.batch_limit == 5
    assert config.policy.ticket_required
    assert config.policy.lock_after_minutes == 3
    assert config.overruled == ("policy.batch_limit",)


def test_a_users_profiles_do_not_replace_the_sites(tmp_path: Path) -> None:
    config = read(tmp_path, "[[profiles]]\nname = 'mine'\n", "[[profiles]]\nname = 'site'\n")
    assert [profile.name for profile in config.policy.profiles] == ["site"]


def test_a_users_departments_do_not_replace_the_sites(tmp_path: Path) -> None:
    config = read(tmp_path, "[[departments]]\nunit = 'Mine'\n", "[[departments]]\nunit = 'Site'\n")
    assert [department.unit for department in config.policy.departments] == ["Site"]
    assert config.overruled == ("departments",)


@pytest.mark.parametrize(
    ("value", "near"),
    [("role = 'help-desk'", "helpdesk"), ("tasks = ['set-qota']", "set-quota"), ("unit = 'x'", "units")],
)
def test_a_wrong_word_in_a_rule_for_operators_is_met_with_the_nearest_known_one(
    tmp_path: Path, value: str, near: str
) -> None:
    with pytest.raises(ConfigError) as failure:
        read(tmp_path, f"[[operators]]\nwho = '*'\n{value}\n")
    assert f"“{near}”" in failure.value.hint


def test_rules_for_operators_are_read_whole_in_their_order(tmp_path: Path) -> None:
    text = """
    [[operators]]
    who = "uid=olga,ou=operators,dc=example,dc=com"
    role = "administrator"
    [[operators]]
    group = "help desk"
    role = "helpdesk"
    units = ["Sales", "Research/Labs"]
    [[operators]]
    who = "*"
    tasks = ["unlock"]
    """
    assert read(tmp_path, text).operators == (
        OperatorRule(1, "uid=olga,ou=operators,dc=example,dc=com", role=Role.ADMINISTRATOR),
        OperatorRule(2, group="help desk", role=Role.HELPDESK, units=("Sales", "Research/Labs")),
        OperatorRule(3, "*", tasks=("unlock",)),
    )


def test_a_user_adds_no_rule_for_operators_where_the_site_has_some(tmp_path: Path) -> None:
    mine = "[[operators]]\nwho = '*'\nrole = 'administrator'\n"
    config = read(tmp_path, mine, "[[operators]]\ngroup = 'desk'\nrole = 'helpdesk'\n")
    assert config.operators == (OperatorRule(1, group="desk", role=Role.HELPDESK),)
    assert config.overruled == ("operators",)
    assert read(tmp_path, mine).operators


ALLOTTED = """
[[profiles]]
name = "intern"
when = { title = "Intern*", group = ["interns"] }
kind = "person"
quota = "2 GiB"
services = ["IMAP", "smtp"]
groups = ["all-staff"]
naming = "{g}{surname}"
delivery = "bounce"
retention_days = 30
expires_days = 180
[[profiles]]
name = "archive"
kind = "service"
quota = "unlimited"
[[profiles]]
name = "team"
kind = "shared"
min_seats = 2
[[departments]]
unit = "Research/Labs"
min_seats = 3
groups = ["labs"]
quota = "10 GiB"
domain = "Bücher.example"
owner = "anna@example.com"
"""


def test_profiles_and_departments_are_read_whole(tmp_path: Path) -> None:
    policy = read(tmp_path, ALLOTTED).policy
    intern, archive, team = policy.profiles
    when = (("title", ("Intern*",)), ("group", ("interns",)))
    assert intern == Profile(
        "intern", when, 2 << 30, kind=Kind.PERSON, services=("imap", "smtp"), groups=("all-staff",),
        naming=("{g}{surname}",), delivery=Delivery.BOUNCE, retention_days=30, expires_days=180,
    )  # fmt: skip
    assert archive == Profile("archive", quota_bytes=UNLIMITED, kind=Kind.SERVICE)
    assert team == Profile("team", kind=Kind.SHARED, min_seats=2)
    [department] = policy.departments
    domain = "xn--bcher-kva.example"
    assert department == Department("Research/Labs", ("labs",), 10 << 30, domain, "anna@example.com", 3)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[profiles]]\nname = 'x'\nkind = 'person'\nmin_seats = 2\n", r"profiles\[1\]\.min_seats .*shared"),
        ("[[departments]]\nunit = 'x'\nmin_seats = 0\n", r"departments\[1\]\.min_seats .*no number"),
        ("[policy]\nholds = ['profile:nobody']\n", r"policy\.holds\[1\] .*nobody"),
        ("[policy]\nholds = ['profile:']\n", r"policy\.holds\[1\] .*names nobody"),
    ],
)
def test_seats_and_holds_that_could_never_be_are_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why) as failure:
        read(tmp_path, text)
    assert failure.value.hint


def test_a_department_of_the_users_file_has_a_domain_of_the_sites(tmp_path: Path) -> None:
    mine = "[[departments]]\nunit = 'Labs'\ndomain = 'labs.example'\n"
    assert read(tmp_path, mine, "[policy]\ndomains = ['LABS.example']\n").policy.departments
    with pytest.raises(ConfigError, match=r"user\.toml: departments\[1\]\.domain"):
        read(tmp_path, mine, "[policy]\ndomains = ['example.com']\n")


SITES = {
    "ticket_required": ("true", "false", True),
    "ticket_pattern": ("'HD-[0-9]+'", "'.*'", "HD-[0-9]+"),
    "batch_limit": ("5", "5000", 5),
    "protected": ("['group:board']", "[]", ("group:board",)),
    "holds": ("['group:lawsuit']", "[]", ("group:lawsuit",)),
    "read_only": ("true", "false", True),
    "lock_after_minutes": ("5", "0", 5),
    "journal_dir": ("'/var/lib/mailtui'", "'/home/me'", Path("/var/lib/mailtui")),
    "journal_days": ("365", "1", 365),
    "domains": ("['A.example', 'bücher.example']", "['b.example']", ("a.example", "xn--bcher-kva.example")),
    "external_forward": ("'deny'", "'allow'", "deny"),
    "address_reuse_days": ("90", "0", 90),
    "reserved_names": ("['root']", "[]", ("root",)),
    "naming": ("['{g}{surname}']", "['{surname}']", ("{g}{surname}",)),
    "umlauts": ("'a'", "'ae'", "a"),
    "password_style": ("'characters'", "'words'", "characters"),
    "password_length": ("20", "8", 20),
}


def test_nothing_is_left_out_of_what_is_held_against_a_users_file() -> None:
    assert {*SITES, "profiles", "departments"} == {each.name for each in fields(Policy)}


@pytest.mark.parametrize("name", SITES)
def test_a_users_file_weakens_nothing_that_the_site_sets(tmp_path: Path, name: str) -> None:
    site, user, held = SITES[name]
    config = read(tmp_path, f"[policy]\n{name} = {user}\n", f"[policy]\n{name} = {site}\n")
    assert getattr(config.policy, name) == held
    assert config.overruled == (f"policy.{name}",)
    assert getattr(read(tmp_path, "", f"[policy]\n{name} = {site}\n").policy, name) == held


def test_a_users_profiles_take_nobody_out_of_the_sites_protection(tmp_path: Path) -> None:
    mine = "[[profiles]]\nname = 'mine'\nwhen = { login = '*' }\n"
    config = read(tmp_path, mine, "[policy]\nprotected = ['group:board']\n")
    assert config.policy.protected == ("group:board",)
    assert [profile.name for profile in config.policy.profiles] == ["mine"]


def test_the_site_protects_no_profile_that_only_a_user_could_write(tmp_path: Path) -> None:
    mine = "[[profiles]]\nname = 'executive'\nwhen = { title = 'nobody' }\n"
    with pytest.raises(ConfigError, match=r"site\.toml: policy\.protected\[1\] .*executive"):
        read(tmp_path, mine, "[policy]\nprotected = ['profile:executive']\n")


def test_a_users_rule_may_name_the_sites_profiles_and_no_overruled_one(tmp_path: Path) -> None:
    site = "[[profiles]]\nname = 'executive'\n"
    assert read(tmp_path, "[policy]\nprotected = ['profile:executive']\n", site).policy.protected
    mine = "[policy]\nprotected = ['profile:mine']\n[[profiles]]\nname = 'mine'\n"
    with pytest.raises(ConfigError, match=r"user\.toml: policy\.protected\[1\] .*mine"):
        read(tmp_path, mine, site)


@pytest.mark.parametrize("by_option", [True, False])
def test_another_file_by_option_or_environment_takes_the_place_of_the_users_alone(
    tmp_path: Path, by_option: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, named = tmp_path / "site.toml", tmp_path / "named.toml"
    site.write_text("[policy]\nread_only = true\nprotected = ['group:board']\n", encoding="utf-8")
    named.write_text("[policy]\nread_only = false\nprotected = []\nbatch_limit = 7\n", encoding="utf-8")
    monkeypatch.setattr(paths, "SITE_CONFIG", site)
    monkeypatch.setenv("MAILTUI_CONFIG", "" if by_option else str(named))
    policy = Options(config=named if by_option else None).load_config().policy
    assert (policy.read_only, policy.protected, policy.batch_limit) == (True, ("group:board",), 7)


def test_a_path_of_a_section_is_read_as_one(tmp_path: Path) -> None:
    text = "[policy]\njournal_dir = '~/journal'\n[cache]\npath = '/srv/cache.db'\n"
    config = read(tmp_path, text)
    assert config.policy.journal_dir == Path("~/journal").expanduser()
    assert config.cache.path == Path("/srv/cache.db")


def test_without_any_file_nothing_is_configured(tmp_path: Path) -> None:
    config = load(tmp_path / "none.toml", tmp_path / "neither.toml")
    assert config.directory is None
    with pytest.raises(ConfigError, match="No directory"):
        config.required_directory()


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml"):
        load(tmp_path / "none.toml", tmp_path / "neither.toml", user_required=True)
