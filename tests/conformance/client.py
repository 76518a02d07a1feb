"""A client that reports what a directory answers, exactly: result codes and raw values."""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ldap3
from ldap3.protocol.rfc2696 import paged_search_control

from mailtui.demo.address import DemoAddress

ADD, DELETE, REPLACE, INCREMENT = (
    ldap3.MODIFY_ADD,
    ldap3.MODIFY_DELETE,
    ldap3.MODIFY_REPLACE,
    ldap3.MODIFY_INCREMENT,
)
PAGED = "1.2.840.113556.1.4.319"
Entry = Mapping[str, Sequence[bytes]]
Control = tuple[str, bool, bytes | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request ended, and the entries it brought by DN."""

    code: int
    message: str
    matched: str
    entries: Mapping[str, Entry] = field(default_factory=dict)
    controls: Mapping[str, Any] = field(default_factory=dict)

    @property
    def only(self) -> Entry:
        """The one entry."""
        (entry,) = self.entries.values()
        return entry


class Verified(ldap3.Tls):
    """TLS whose host name OpenSSL checks: ldap3's own check uses what Python has given up."""

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        context = ssl.create_default_context(cafile=self.ca_certs_file)
        connection.socket = context.wrap_socket(connection.socket, server_hostname=connection.server.host)


class Client:
    """One connection to a directory."""

    def __init__(
        self, address: DemoAddress, dn: str | None = None, password: str | None = None, *, starts_tls: bool = False
    ) -> None:
        tls = Verified(ca_certs_file=str(address.ca_file))
        server = ldap3.Server(address.url, get_info=ldap3.NONE, tls=tls, connect_timeout=20)
        # The stubs lack types here and there.
        self.ldap: Any = ldap3.Connection(
            server,
            dn,
            password,
            authentication=ldap3.SIMPLE if dn else ldap3.ANONYMOUS,
            raise_exceptions=False,
            check_names=False,
            auto_referrals=False,
            return_empty_attributes=False,
            receive_timeout=20,
        )
        self.ldap.open()
        if starts_tls:
            self.ldap.start_tls()
        self.ldap.bind()
        self.bound = self._answer()

    def close(self) -> None:
        """Say goodbye."""
        self.ldap.unbind()

    def search(
        self,
        base: str,
        question: str = "(objectClass=*)",
        attributes: Sequence[str] = ("1.1",),
        *,
        scope: str = ldap3.SUBTREE,
        size_limit: int = 0,
        types_only: bool = False,
        controls: Sequence[Control] = (),
    ) -> Answer:
        """Search."""
        self.ldap.search(
            base,
            question,
            scope,
            attributes=list(attributes),
            size_limit=size_limit,
            types_only=types_only,
            controls=list(controls) or None,
        )
        entries = {one["dn"]: one["raw_attributes"] for one in self.ldap.response if one["type"] == "searchResEntry"}
        return self._answer(entries)

    def read(self, dn: str, *attributes: str) -> Entry:
        """Read one entry."""
        answer = self.search(dn, attributes=attributes or ("*",), scope=ldap3.BASE)
        assert answer.code == 0, answer
        return answer.only

    def found(self, question: str, base: str = "dc=example,dc=com") -> set[str]:
        """Give the first naming values of what a filter finds."""
        answer = self.search(base, question)
        assert answer.code == 0, answer
        return {dn.split(",")[0].partition("=")[2] for dn in answer.entries}

    def page(self, size: int, cookie: bytes | None = None, **options: Any) -> tuple[Answer, bytes]:
        """Search for everything, one page; give the answer and the cookie for the next."""
        control = paged_search_control(criticality=True, size=size, cookie=cookie)
        answer = self.search("dc=example,dc=com", controls=[control], **options)
        value = answer.controls.get(PAGED, {}).get("value") or {}
        return answer, value.get("cookie", b"")

    def add(self, dn: str, classes: Sequence[str], attributes: Mapping[str, Any], *controls: Control) -> Answer:
        """Add an entry."""
        self.ldap.add(dn, list(classes), dict(attributes), controls=list(controls) or None)
        return self._answer()

    def modify(self, dn: str, *steps: tuple[str, str, Sequence[Any]], controls: Sequence[Control] = ()) -> Answer:
        """Modify an entry: attribute, what to do, values; steps of one attribute must stand together."""
        changes: dict[str, list[tuple[str, list[Any]]]] = {}
        for attribute, what, values in steps:
            changes.setdefault(attribute, []).append((what, list(values)))
        self.ldap.modify(dn, changes, controls=list(controls) or None)
        return self._answer()

    def rename(
        self, dn: str, rdn: str, superior: str | None = None, *controls: Control, deletes_old: bool = True
    ) -> Answer:
        """Give an entry another name or place."""
        self.ldap.modify_dn(dn, rdn, delete_old_dn=deletes_old, new_superior=superior, controls=list(controls) or None)
        return self._answer()

    def delete(self, dn: str, *controls: Control) -> Answer:
        """Delete an entry."""
        self.ldap.delete(dn, controls=list(controls) or None)
        return self._answer()

    def compare(self, dn: str, attribute: str, value: str | bytes) -> Answer:
        """Compare a value."""
        self.ldap.compare(dn, attribute, value)
        return self._answer()

    def modify_password(self, whose: str | None = None, old: str | None = None, new: str | None = None) -> Answer:
        """Change a password by the extended operation; a generated one is the answer's message."""
        made = self.ldap.extend.standard.modify_password(whose, old, new)
        answer = self._answer()
        return Answer(answer.code, made, answer.matched) if isinstance(made, str) else answer

    def who_am_i(self) -> str:
        """Ask who the directory takes us for."""
        return self.ldap.extend.standard.who_am_i() or ""

    def _answer(self, entries: Mapping[str, Entry] | None = None) -> Answer:
        result = self.ldap.result
        return Answer(result["result"], result["message"], result["dn"], entries or {}, result.get("controls") or {})
