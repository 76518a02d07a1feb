"""The sample company: the same for the same number of people, seed and day, and as large as is asked for."""

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

from mailtui.demo import passwords, people, teams
from mailtui.demo.address import BASE, BIND_DN
from mailtui.demo.checks import structural_class
from mailtui.demo.departments import departments
from mailtui.demo.entries import PASSWORD
from mailtui.demo.mailboxes import Attributes
from mailtui.demo.naming import name
from mailtui.demo.teams import Record
from mailtui.demo.tree import Tree

PEOPLE_UNIT, GROUPS_UNIT = f"ou=people,{BASE}", f"ou=groups,{BASE}"
SHARED_UNIT, SERVICE_UNIT = f"ou=Shared Mailboxes,{PEOPLE_UNIT}", f"ou=Service Accounts,{PEOPLE_UNIT}"
# With which everybody in the sample company can bind.
SAMPLE_PASSWORD = "sample"  # noqa: S105


def populate(tree: Tree, number: int, seed: int) -> None:
    """Fill an empty tree with a company of so many people."""
    dice = random.Random(f"identities of {seed}")  # noqa: S311
    hashed = passwords.hashed(SAMPLE_PASSWORD.encode())
    structural: dict[tuple[bytes, ...], bytes] = {}
    for dn, attributes in records(number, seed, datetime.now(UTC)):
        where = name(tree.schema, dn)
        whole = {attribute: tuple(value.encode() for value in values) for attribute, values in attributes.items()}
        classes = whole["objectClass"]
        if b"mailUser" in classes:
            whole[PASSWORD] = (hashed,)
        # The schema's rules need not be asked for every one of many entries that are made alike.
        if classes not in structural:
            structural[classes] = structural_class(tree.schema, where, whole).encode()
        whole["structuralObjectClass"] = (structural[classes],)
        identity = uuid.UUID(int=dice.getrandbits(128), version=4)
        tree.commit((), (tree.born(where, whole, BIND_DN, identity),))


def records(number: int, seed: int, now: datetime) -> Iterator[Record]:
    """Walk a company's entries, those above before those below; what happened, happened before `now`."""
    today = now.replace(minute=0, second=0, microsecond=0)
    yield BASE, {"objectClass": ["top", "dcObject", "organization"], "dc": ["example"], "o": ["Example Company"]}
    yield PEOPLE_UNIT, _unit("people")
    yield GROUPS_UNIT, _unit("groups")
    if number:
        yield from _staffed(random.Random(f"company of {number} by {seed}"), number, today)  # noqa: S311


def _staffed(dice: random.Random, number: int, today: datetime) -> Iterator[Record]:
    units = departments(PEOPLE_UNIT)
    yield from ((unit.dn, _unit(unit.name)) for unit in units)
    staff = people.hire(dice, units, number)
    addresses = [person.mail for person in staff]
    for index, person in enumerate(staff):
        colleagues = [address for address in dice.sample(addresses, min(3, number)) if address != person.mail]
        yield person.dn, people.entry(dice, person, index, today, colleagues)
    yield SHARED_UNIT, _unit("Shared Mailboxes")
    yield from teams.shared(dice, SHARED_UNIT, people.DOMAIN, today)
    yield SERVICE_UNIT, _unit("Service Accounts")
    yield from teams.services(dice, SERVICE_UNIT, people.DOMAIN, today)
    yield from teams.groups(dice, GROUPS_UNIT, [person.dn for person in staff], people.DOMAIN)


def _unit(name: str) -> Attributes:
    return {"objectClass": ["organizationalUnit"], "ou": [name]}
