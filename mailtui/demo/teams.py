"""Mailboxes of teams and machines in the sample company, and its groups: who works what, and who is in on what."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime

from mailtui.demo import mailboxes
from mailtui.demo.mailboxes import GIB, Attributes
from mailtui.demo.naming import spell

Record = tuple[str, Attributes]

# Log-in, name, and how many work it.
_SHARED = (
    ("marketing", "Marketing", 5),
    ("support", "Support", 9),
    ("sales", "Sales", 7),
    ("info", "Info", 3),
    ("jobs", "Jobs & Careers", 4),
    ("press", "Press Office", 1),
    ("billing", "Billing", 4),
    ("legal", "Legal", 2),
    ("events", "Events", 3),
    ("feedback", "Feedback", 2),
    ("kefu", "客服中心", 6),
    ("reception", "Reception <Berlin>", 2),
)
_SERVICES = (
    ("noreply", "No Reply"),
    ("monitoring", "Monitoring"),
    ("backup", "Backup Reports"),
    ("scanner", "Scan to Mail"),
    ("crm", "CRM Connector"),
    ("build", "Build Robot"),
    ("calendar", "Room Calendar"),
    ("fax", "Fax Gateway"),
)
# Name and how many members; a company with fewer people has them all in the large ones.
_GROUPS = (
    ("supervisory-board", 3),
    ("works-council", 7),
    ("fire-wardens", 12),
    ("first-aiders", 18),
    ("vpn-users", 500),
    ("building-berlin", 250),
    ("erp-users", 320),
    ("newsletter", 400),
    ("on-call", 5),
    ("release-managers", 4),
    ("pilot-users", 60),
    ("interns", 25),
    ("mentors", 30),
    ("key-users", 45),
    ("data-protection", 3),
    ("暑期项目", 16),
    ("مجموعة المبيعات", 11),
    ("R&D, all sites", 140),
    ("fax-readers", 1),
    ("archive-keepers", 1),
    ("budget-approvers", 2),
)
# Groups that receive mail, and who may write to them.
_MAIL = {
    "works-council": "everybody",
    "fire-wardens": "inside",
    "newsletter": "owners",
    "on-call": "members",
    "release-managers": "inside",
}
# Groups of groups, with who owns them; the last two are members of each other, as happens.
_NESTED = {
    "safety": ("fire-wardens", "first-aiders"),
    "berlin-notices": ("building-berlin", "safety"),
    "projects": ("pilot-users", "project-leads"),
    "project-leads": ("release-managers", "projects"),
}


def shared(dice: random.Random, unit: str, domain: str, today: datetime) -> Iterator[Record]:
    """Walk the mailboxes that teams work together."""
    for login, name, _seats in _SHARED:
        attributes = _mailbox(dice, login, name, domain, today)
        yield f"uid={login},{unit}", {**attributes, **mailboxes.room(dice, today, 20 * GIB)}


def services(dice: random.Random, unit: str, domain: str, today: datetime) -> Iterator[Record]:
    """Walk the mailboxes that machines use."""
    for login, name in _SERVICES:
        attributes = _mailbox(dice, login, name, domain, today)
        yield f"uid={login},{unit}", {**attributes, **mailboxes.room(dice, today, GIB)}


def _mailbox(dice: random.Random, login: str, name: str, domain: str, today: datetime) -> Attributes:
    return {
        "objectClass": ["inetOrgPerson", "mailUser"],
        "uid": [login],
        "cn": [name],
        "sn": [name],
        "displayName": [name],
        "mail": [f"{login}@{domain}"],
        **mailboxes.services(dice),
        **mailboxes.last_login(dice, today),
    }


def groups(dice: random.Random, unit: str, people: Sequence[str], domain: str) -> Iterator[Record]:
    """Walk the groups; `people` are the DNs of those who may be in them, of whom there must be one."""
    for name, size in _GROUPS:
        dn, attributes = _group(dice, unit, people, name, size, f"{name}: who is in")
        yield dn, {**attributes, **_mail(name, domain)}
    # A shared mailbox is worked by the members of the group that bears its log-in.
    for login, name, seats in _SHARED:
        yield _group(dice, unit, people, login, seats, f"Seats: who works the mailbox {name}")
    for name, inside in _NESTED.items():
        yield _entry(unit, name, [f"cn={one},{unit}" for one in inside], people[:1], f"{name}: groups of groups")


def _mail(name: str, domain: str) -> Attributes:
    """Give what a group has that receives mail."""
    if name not in _MAIL:
        return {}
    return {"objectClass": ["groupOfNames", "mailGroup"], "mail": [f"{name}@{domain}"], "mailPosting": [_MAIL[name]]}


def _group(dice: random.Random, unit: str, people: Sequence[str], name: str, size: int, description: str) -> Record:
    """Write a group; its owners are of its first members, and every other group has one only."""
    members = dice.sample(people, min(size, len(people)))
    return _entry(unit, name, members, members[: dice.choice((1, 1, 2))], description)


def _entry(unit: str, name: str, members: Sequence[str], owners: Sequence[str], description: str) -> Record:
    attributes = {
        "objectClass": ["groupOfNames"],
        "cn": [name],
        "description": [description],
        "member": list(members),
        "owner": list(owners),
    }
    return f"cn={spell(name)},{unit}", attributes
