"""Changes at random to a directory: everything that can happen to accounts, units and groups, the same for a seed."""

import random
from collections.abc import Callable
from typing import Any

import ldap3
from ldap3.core.exceptions import LDAPOperationResult

from mailtui.demo.address import BASE, DemoAddress
from mailtui.domain import dn as names

_CLASSES = ["inetOrgPerson", "mailUser"]
_NAMES = ("Anna Lee", "Bob Marsh", "张伟", "曾国华", "Zoë Müller", "O'Brien, Pat", "Ines #1", "王小明", "Łukasz Nowak")


class Changer:
    """Somebody else at work in a directory, with a model of it to know what can be done."""

    def __init__(self, address: DemoAddress, seed: int) -> None:
        self._chance = random.Random(seed)
        server = ldap3.Server(address.url, get_info=ldap3.NONE)
        self._connection: Any = ldap3.Connection(
            server, address.bind_dn, address.password.reveal(), raise_exceptions=True, check_names=False
        )
        self._connection.bind()
        self._number = 0
        self._seed = seed
        self.accounts: list[str] = []
        self.units: list[str] = [BASE]
        self.groups: list[str] = []
        self.done = 0

    def close(self) -> None:
        """Leave."""
        self._connection.unbind()

    def populate(self, accounts: int) -> None:
        """Make a first company."""
        for _turn in range(12):
            self._add_unit()
        for _turn in range(accounts):
            self._add()
        for _turn in range(8):
            self._add_group()

    def change(self, times: int = 1) -> None:
        """Change something, so often."""
        acts: dict[Callable[[], None], int] = {
            self._add: 18, self._modify: 40, self._delete: 12, self._rename: 8, self._move: 8, self._move_unit: 1,
            self._rename_unit: 1, self._add_unit: 1, self._delete_unit: 1, self._add_again: 4, self._join: 8,
            self._add_group: 1, self._delete_group: 1, self._lose_mailbox: 2, self._touch: 4,
        }  # fmt: skip
        for act in self._chance.choices(list(acts), list(acts.values()), k=times):
            act()
            self.done += 1

    def _new(self, stem: str) -> str:
        self._number += 1
        return f"{stem}{self._seed}x{self._number}"

    def _any(self, dns: list[str]) -> str | None:
        return self._chance.choice(dns) if dns else None

    def add_container(self, rdn: str) -> None:
        """Add an entry right below the base that others can be below of, and that is no unit."""
        attributes = {"objectClass": ["organizationalRole"], "cn": rdn.partition("=")[2]}
        self._connection.add(f"{rdn},{BASE}", attributes=attributes)

    def add(self, login: str, below: str) -> None:
        """Add an account."""
        self._number += 1
        self._add(login, below)

    def delete(self, dn: str) -> None:
        """Delete an account."""
        self._connection.delete(dn)
        self.accounts.remove(dn)

    def add_mail_group(self, rdn: str) -> None:
        """Add a group that is an account as well, right below the base."""
        attributes = {"objectClass": ["groupOfNames", "mailUser"], "cn": rdn[3:], "member": BASE,
                      "mail": f"{rdn[3:]}@example.com"}  # fmt: skip
        self._connection.add(f"{rdn},{BASE}", attributes=attributes)

    def add_mail_unit(self, rdn: str) -> None:
        """Add a unit that is an account as well, right below the base."""
        attributes = {
            "objectClass": ["organizationalUnit", "mailUser"],
            "ou": rdn[3:],
            "mail": f"{rdn[3:]}@example.com",
        }
        self._connection.add(f"{rdn},{BASE}", attributes=attributes)

    def add_unit(self, rdn: str, above: str) -> None:
        """Add a unit."""
        self._connection.add(f"{rdn},{above}", attributes={"objectClass": ["organizationalUnit"], "ou": rdn[3:]})

    def rename(self, dn: str, rdn: str, above: str = "") -> None:
        """Give an entry another name, in its place or elsewhere."""
        self._to(dn, above or names.parent(dn), rdn)

    def touch(self, dn: str) -> None:
        """Change what is not mirrored: the entry's stamps move, and nothing else that we show."""
        self._connection.modify(dn, {"description": [(ldap3.MODIFY_REPLACE, [str(self._chance.random())])]})

    def set_quota(self, dn: str, gib: int) -> None:
        """Change what is mirrored of any account."""
        self._connection.modify(dn, {"mailQuota": [(ldap3.MODIFY_REPLACE, [str(gib << 30)])]})

    def retitle(self, dn: str, title: str) -> None:
        """Change what is mirrored."""
        self._connection.modify(dn, {"title": [(ldap3.MODIFY_REPLACE, [title])]})

    def _add(self, login: str | None = None, below: str | None = None) -> None:
        login = login or self._new("u")
        above = below or self._chance.choice(self.units)
        dn = names.join("uid", login, above)
        attributes = {
            "objectClass": _CLASSES, "uid": login, "cn": self._chance.choice(_NAMES), "sn": "x",
            "mail": f"{login}@example.com", "mailQuota": str(self._chance.randrange(1, 50) << 30),
            "employeeNumber": str(100_000 + self._number),
        }  # fmt: skip
        self._connection.add(dn, attributes=attributes)
        self.accounts.append(dn)

    def _modify(self) -> None:
        dn = self._any(self.accounts)
        if dn is None:
            return
        chance = self._chance
        change: dict[str, list[str]] = chance.choice((
            {"cn": [chance.choice(_NAMES)]},
            {"mailQuota": [str(chance.randrange(1, 50) << 30)]},
            {"accountStatus": [chance.choice(("active", "noaccess", "disabled"))]},
            {"mailAlternateAddress": [f"a{chance.randrange(9999)}@example.org" for _ in range(chance.randrange(3))]},
            {"mailForwardingAddress": [f"f{chance.randrange(99)}@elsewhere.example"] * chance.randrange(2)},
            {"title": [chance.choice(("Clerk", "Chief Officer", "经理"))]},
            {"telephoneNumber": [f"+49 30 {chance.randrange(10**7)}"]},
            {"manager": [self._any(self.accounts) or dn]},
            {"enabledService": ["mail", "imap"][: chance.randrange(3)]},
        ))  # fmt: skip
        self._connection.modify(dn, {name: [(ldap3.MODIFY_REPLACE, values)] for name, values in change.items()})

    def _touch(self) -> None:
        dn = self._any(self.accounts)
        if dn:
            self.touch(dn)

    def _delete(self) -> None:
        dn = self._any(self.accounts)
        if dn:
            self.delete(dn)

    def _add_again(self) -> None:
        """Delete an account and make one of the same name: another entry under the same DN."""
        dn = self._any(self.accounts)
        if dn:
            self.delete(dn)
            self._add(names.parse(dn)[0][0][1], names.parent(dn))

    def _lose_mailbox(self) -> None:
        """Turn an account into a mere person: it matches no longer."""
        dn = self._any(self.accounts)
        if dn:
            gone = ("mail", "mailQuota", "mailAlternateAddress", "mailForwardingAddress", "accountStatus",
                    "enabledService")  # fmt: skip
            changes: dict[str, Any] = {name: [(ldap3.MODIFY_REPLACE, [])] for name in gone}
            self._connection.modify(dn, {"objectClass": [(ldap3.MODIFY_DELETE, ["mailUser"])], **changes})
            self._connection.delete(dn) if self._chance.random() < 0.5 else None
            self.accounts.remove(dn)

    def _rename(self) -> None:
        dn = self._any(self.accounts)
        if dn:
            self._to(dn, names.parent(dn), f"uid={self._new('r')}")

    def _move(self) -> None:
        dn = self._any(self.accounts)
        if dn:
            self._to(dn, self._chance.choice(self.units), dn.partition(",")[0])

    def _to(self, dn: str, above: str, rdn: str) -> None:
        if f"{rdn},{above}" != dn:
            self._connection.modify_dn(dn, rdn, new_superior=None if above == names.parent(dn) else above)
            self._renamed(dn, f"{rdn},{above}")

    def _renamed(self, before: str, now: str) -> None:
        for dns in (self.accounts, self.units, self.groups):
            dns[:] = [
                now if dn == before else dn.removesuffix(before) + now if dn.endswith("," + before) else dn
                for dn in dns
            ]

    def _add_unit(self) -> None:
        name = self._new("Unit ")
        dn = names.join("ou", name, self._chance.choice(self.units))
        self._connection.add(dn, attributes={"objectClass": ["organizationalUnit"], "ou": name})
        self.units.append(dn)

    def _delete_unit(self) -> None:
        empty = [
            unit for unit in self.units[1:]
            if not any(dn.endswith("," + unit) for dns in (self.accounts, self.units, self.groups) for dn in dns)
        ]  # fmt: skip
        unit = self._any(empty)
        if unit:
            try:
                self._connection.delete(unit)
            except LDAPOperationResult as refused:
                # A mere person is still in it.
                assert refused.description == "notAllowedOnNonLeaf", refused  # noqa: PT017
            else:
                self.units.remove(unit)

    def _rename_unit(self) -> None:
        unit = self._any(self.units[1:])
        if unit:
            self._to(unit, names.parent(unit), f"ou={self._new('Unit ')}")

    def _move_unit(self) -> None:
        unit = self._any(self.units[1:])
        above = self._chance.choice(self.units)
        if unit and above != unit and not above.endswith("," + unit):
            self._to(unit, above, unit.partition(",")[0])

    def _add_group(self) -> None:
        dn = names.join("cn", self._new("group"), self._chance.choice(self.units))
        members = [self._any(self.accounts) or BASE]
        self._connection.add(dn, attributes={"objectClass": ["groupOfNames"], "cn": dn[3:].split(",")[0],
                                             "member": members})  # fmt: skip
        self.groups.append(dn)

    def _join(self) -> None:
        group, account = self._any(self.groups), self._any(self.accounts)
        if group and account:
            members = self._chance.sample(self.accounts, min(len(self.accounts), self._chance.randrange(1, 6)))
            self._connection.modify(group, {"member": [(ldap3.MODIFY_REPLACE, members)]})

    def _delete_group(self) -> None:
        group = self._any(self.groups)
        if group:
            self._connection.delete(group)
            self.groups.remove(group)
