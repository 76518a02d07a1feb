"""The people of the sample company: who they are, where they work, and the entries that they become."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice

from mailtui.demo import mailboxes
from mailtui.demo.cast import BOARD, Part, cast
from mailtui.demo.departments import Department
from mailtui.demo.mailboxes import GIB, Attributes
from mailtui.demo.names import ARABIC, CHINESE, LATIN, Foreign, Latin
from mailtui.demo.naming import spell

DOMAIN = "example.com"
_TITLES = {
    "Sales": ("Account Manager", "Sales Representative", "Inside Sales", "Sales Engineer", "销售经理"),
    "Marketing": ("Copywriter", "Designer", "Event Manager", "Campaign Manager"),
    "Engineering": ("Software Engineer", "Senior Software Engineer", "Site Reliability Engineer", "测试工程师"),
    "Research": ("Researcher", "Senior Researcher", "Data Scientist", "研究员"),
    "Operations": ("Technician", "Shift Supervisor", "Planner", "Storekeeper"),
    "Finance": ("Accountant", "Controller", "Auditor"),
    "Human Resources": ("Recruiter", "HR Business Partner", "Payroll Clerk"),
    "Legal": ("Counsel", "Paralegal"),
    "IT": ("Service Desk Agent", "Administrator", "Identity Engineer"),
}
_CAST = sum(1 for _part in cast())
# Whose mailbox is full in every company.
_FULL: dict[str, Attributes] = {
    "chen.jing": {"mailQuota": [str(2 * GIB)], "mailQuotaUsed": [str(2 * GIB + 21_500_000)]}
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a place in the company; `manager` is a DN, empty for who has none above."""

    part: Part
    login: str
    department: Department
    title: str
    dn: str
    manager: str
    phone: str

    @property
    def mail(self) -> str:
        """The main address."""
        return f"{self.login}@{DOMAIN}"


def hire(dice: random.Random, departments: Sequence[Department], number: int) -> list[Person]:
    """Hire so many people: the cast, then somebody to lead each department, then the rest."""
    taken: Counter[str] = Counter()
    leaders: dict[str, Person] = {}
    hired = []
    for index, (part, prefix) in enumerate(_applicants(dice, number)):
        department = _place(dice, departments, index)
        leads = department.dn not in leaders and not len(BOARD) <= index < _CAST
        title = part.title or _title(dice, department, is_leader=leads)
        login = _login(part.name.local, taken)
        value = login if part.named_by == "uid" else part.name.shown
        dn = f"{part.named_by}={spell(value)},{department.dn}"
        person = Person(part, login, department, title, dn, "", f"{prefix} {dice.randrange(10_000):04d}")
        hired.append(person)
        if leads:
            leaders[department.dn] = person
    return [replace(person, manager=_manager(person, leaders)) for person in hired]


def _applicants(dice: random.Random, number: int) -> Iterator[tuple[Part, str]]:
    known = ((part, LATIN[0].prefix) for part in cast())
    return islice(chain(known, _strangers(dice)), number)


def _strangers(dice: random.Random) -> Iterator[tuple[Part, str]]:
    while True:
        chance = dice.random()
        people: Latin | Foreign = CHINESE if chance < 0.3 else ARABIC if chance < 0.42 else dice.choice(LATIN)
        yield Part(people.pick(dice)), people.prefix


def _place(dice: random.Random, departments: Sequence[Department], index: int) -> Department:
    """Give a department: the board's own; the cast anywhere else; then each in turn, so that all have a leader."""
    if index < len(BOARD):
        return departments[0]
    in_turn = index - _CAST + 1
    return departments[in_turn] if 0 < in_turn < len(departments) else dice.choice(departments[1:])


def _login(local: str, taken: Counter[str]) -> str:
    taken[local] += 1
    return local if taken[local] == 1 else _login(f"{local}{taken[local]}", taken)


def _manager(person: Person, leaders: Mapping[str, Person]) -> str:
    """Give the DN of who leads the department or, if that is nobody else, the nearest one above; in the end the CEO."""
    where: Department | None = person.department
    while where:
        leader = leaders.get(where.dn)
        if leader and leader.dn != person.dn:
            return leader.dn
        where = where.above
    first = next(iter(leaders.values()))
    return first.dn if first.dn != person.dn else ""


def _title(dice: random.Random, department: Department, *, is_leader: bool) -> str:
    if is_leader:
        forms = ("{} Director", "Head of {}", "{} Manager")
        return forms[min(department.level, 2)].format(department.name)
    top = department
    while top.above:
        top = top.above
    return dice.choice(_TITLES[top.name])


def entry(dice: random.Random, person: Person, index: int, today: datetime, colleagues: list[str]) -> Attributes:
    """Write somebody's entry; `index` is how many were hired before, `colleagues` are addresses to forward to."""
    has_story = index < len(BOARD) or person.login in _FULL
    standing = {} if has_story else mailboxes.standing(dice, today)
    is_leaver = standing.get("accountStatus", ["active"]) != ["active"]
    return {
        **_identity(person),
        **({"employeeNumber": [f"E{10_000 + index * 7}"]} if dice.random() < 0.98 else {}),
        **_aliases(dice, person.login),
        **mailboxes.services(dice),
        **standing,
        **mailboxes.last_login(dice, today, is_leaver=is_leaver),
        **mailboxes.forwards(dice, person.login, [] if has_story else colleagues, is_leaver=is_leaver),
        **mailboxes.room(dice, today, 50 * GIB if index < len(BOARD) else -1),
        **_FULL.get(person.login, {}),
    }


def _identity(person: Person) -> Attributes:
    name = person.part.name
    return {
        "objectClass": ["inetOrgPerson", "mailUser"],
        "uid": [person.login],
        "cn": list(dict.fromkeys([name.shown, *name.spellings])),
        "sn": [name.surname],
        "givenName": [name.given],
        "displayName": [name.shown],
        "mail": [person.mail],
        "title": [person.title],
        "departmentNumber": [person.department.number],
        "telephoneNumber": [person.phone],
        **({"manager": [person.manager]} if person.manager else {}),
    }


def _aliases(dice: random.Random, login: str) -> Attributes:
    """Give some further addresses, made so that they can be nobody else's: log-ins are unique."""
    chance = dice.random()
    if chance < 0.08:
        return {"mailAlternateAddress": [f"{login}@mail.{DOMAIN}"]}
    if chance < 0.12:
        turned = ".".join(reversed(login.split(".")))
        return {"mailAlternateAddress": [f"{turned}@names.{DOMAIN}", f"{login}@old.{DOMAIN}"]}
    return {}
