"""A company of 1,000 people that the project's own sample company knows nothing of, as LDIF records."""

import random

from tests.servers.ldif import Record
from tests.servers.slapd import BASE_ENTRY

BASE = "dc=example,dc=com"
OPERATOR = f"uid=kim,ou=operators,{BASE}"
SYNC = f"cn=sync,ou=operators,{BASE}"
PROTECTED = f"uid=u0007,ou=Logistik,ou=people,{BASE}"
DEPARTMENTS = ("Logistik", "Éditions", "研发部", "Research, Development")
GIVEN = ("Ana", "Björn", "Chloé", "David", "Eva", "Faisal", "Grete", "Hugo", "Inés", "Jan")
FAMILY = ("Ahlers", "Brandão", "Çelik", "Dvořák", "Eriksen", "Fischer", "García", "Horváth", "Ito", "Jansen")
CHINESE = (
    ("曾", "伟", "zengwei"),
    ("欧阳", "娜", "ouyangna"),
    ("单", "田芳", "shantianfang"),
    ("张", "三", "zhangsan"),
)

# The operator may write what a help desk may, but for one account's status; nobody else writes anything.
ACCESS = f"""
access to attrs=userPassword by anonymous auth by * none
access to dn.exact="{PROTECTED}" attrs=accountStatus by * read
access to dn.subtree="ou=people,{BASE}" by dn.exact="{OPERATOR}" write by * read
access to * by * read
"""


# As on most servers: an operator sees 500 results of a search, only the service identity all.
LIMITS = f'limits dn.exact="{SYNC}" size=unlimited'


def unit(department: str) -> str:
    """The DN of a department."""
    return f"ou={department.replace(',', chr(92) + ',')},ou=people,{BASE}"


def company(password: str) -> list[Record]:
    """The entries, parents first; every tenth pair of people are namesakes."""
    records: list[Record] = [BASE_ENTRY]
    records += [(f"ou={n},{BASE}", _unit(n)) for n in ("people", "groups", "operators")]
    records += [(unit(name), _unit(name)) for name in DEPARTMENTS]
    records.append((OPERATOR, {
        "objectClass": ["inetOrgPerson"], "uid": ["kim"], "cn": ["Kim"], "sn": ["Kim"], "userPassword": [password],
    }))  # fmt: skip
    records.append((SYNC, {
        "objectClass": ["organizationalRole", "simpleSecurityObject"], "cn": ["sync"], "userPassword": [password],
    }))  # fmt: skip
    chooser = random.Random(7)
    people = [_person(number, chooser) for number in range(1000)]
    members = [dn for dn, _attributes in people[:50]]
    group = {"objectClass": ["groupOfNames"], "cn": ["everyone"], "member": members, "owner": [members[0]]}
    return [*records, *people, (f"cn=everyone,ou=groups,{BASE}", group)]


def _unit(name: str) -> dict[str, list[str]]:
    return {"objectClass": ["organizationalUnit"], "ou": [name]}


def _person(number: int, chooser: random.Random) -> Record:
    login = f"u{number:04}"
    if number < len(CHINESE):
        family, given, _pinyin = CHINESE[number]
        name = family + given
    else:
        # Two neighbours share a name now and then: only their log-ins and numbers tell them apart.
        index = number - (number % 20 == 11)
        family, given = FAMILY[index // 10 % 10], GIVEN[index % 10]
        name = f"{given} {family} {index // 100}" if number % 20 not in {10, 11} else f"{given} {family}"
    attributes: dict[str, list[str]] = {
        "objectClass": ["inetOrgPerson", "mailUser"], "uid": [login], "cn": [name], "sn": [family],
        "displayName": [name], "mail": [f"{login}@example.com"], "employeeNumber": [str(70000 + number)],
        "telephoneNumber": [f"+49 30 {number:04}"], "title": ["Sachbearbeiter"],
    }  # fmt: skip
    if number % 3 == 0:
        attributes["accountStatus"] = ["active"]
    if number % 4 == 0:
        attributes["mailForwardingAddress"] = [f"private{number}@elsewhere.example", "u0999@example.com"]
    if number % 5:
        attributes["mailQuota"] = [str(chooser.choice([0, 1, 5, 10]) << 30)]
    if number % 7 == 0:
        attributes["mailAlternateAddress"] = [f"Alias.{number}@Example.COM"]
    return f"uid={login},{unit(DEPARTMENTS[0] if number == 7 else DEPARTMENTS[number % 4])}", attributes
