"""What a real slapd wrote down of the changes it made (slapo-accesslog), read over LDAP."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ldap3

from mailtui.demo.address import DemoAddress
from tests.servers.slapd import LOG_BASE

_NAMES = ("reqStart", "reqType", "reqDN", "reqMod", "reqAuthzID")


@dataclass(frozen=True, slots=True)
class Written:
    """One change that succeeded: its kind (modify, add, delete, modrdn), of which entry, by whom, and its steps.

    A step reads `title:+ Boss`, `title:- Clerk` or `title:= Boss`; those the server adds (`entryCSN`) are among them.
    """

    kind: str
    dn: str
    by: str
    steps: tuple[bytes, ...]

    def of(self, attribute: str) -> tuple[bytes, ...]:
        """Give the steps that change one attribute."""
        return tuple(step for step in self.steps if step.lower().startswith(attribute.lower().encode() + b":"))


def written(address: DemoAddress) -> list[Written]:
    """Give all changes that succeeded since the slapd's first start, in order; it needs `SlapdOptions.accesslog`.

    A slapd that is killed may have made its last few changes without writing them down; never the other way round.
    """
    server = ldap3.Server(address.url, get_info=ldap3.NONE)
    connection = ldap3.Connection(
        server, address.bind_dn, address.password.reveal(), auto_bind=True, raise_exceptions=True, check_names=False
    )
    try:
        connection.search(LOG_BASE, "(objectClass=auditWriteObject)", attributes=_NAMES)
        found = [entry["raw_attributes"] for entry in connection.response or []]
    finally:
        connection.unbind()
    return [_written(one) for one in sorted(found, key=lambda one: one["reqStart"][0])]


def times_modified(address: DemoAddress) -> Counter[str]:
    """Tell how many times each entry was modified, by its DN in lower case."""
    return Counter(one.dn.lower() for one in written(address) if one.kind == "modify")


def _written(raw: Any) -> Written:
    def text(name: str) -> str:
        values: Sequence[bytes] = raw.get(name, ())
        return values[0].decode() if values else ""

    return Written(text("reqType"), text("reqDN"), text("reqAuthzID"), tuple(raw.get("reqMod", ())))
