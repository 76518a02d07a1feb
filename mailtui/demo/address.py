"""Where an embedded directory answers, and the 0600 file in which clients find it."""

import json
from dataclasses import dataclass
from pathlib import Path

from mailtui.demo.files import write_private
from mailtui.domain.secret import Secret

BASE = "dc=example,dc=com"
BIND_DN = f"cn=admin,{BASE}"


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """Where the mail store beside a directory answers (`http://127.0.0.1:PORT`), and its key, which lies in a file."""

    url: str
    key: Secret
    key_file: Path

    @property
    def port(self) -> int:
        """The port it listens on."""
        return _port(self.url)


@dataclass(frozen=True, slots=True)
class DemoAddress:
    """Where a directory answers, who may do everything there, and the authority that signed its certificate.

    `url` is `ldap://127.0.0.1:PORT`; StartTLS and `ldaps://` work on the same port. An ordinary server has no
    `mailstore`.
    """

    url: str
    base: str
    bind_dn: str
    password: Secret
    ca_file: Path
    mailstore: StoreAddress | None = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        return _port(self.url)


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])


def write(file: Path, address: DemoAddress) -> None:
    """Put an address into a file that only its owner may read."""
    record = {
        "url": address.url,
        "base": address.base,
        "bind_dn": address.bind_dn,
        "password": address.password.reveal(),
        "ca_file": str(address.ca_file),
        "mailstore": _record(address.mailstore),
    }
    write_private(file, [json.dumps(record).encode()])


def _record(store: StoreAddress | None) -> dict[str, str] | None:
    return {"url": store.url, "key": store.key.reveal(), "key_file": str(store.key_file)} if store else None


def read(file: Path) -> DemoAddress | None:
    """Read the address a file holds; None where there is no such file, or one that was cut short."""
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        password, ca_file = Secret(record["password"]), Path(record["ca_file"])
        store = _store(record.get("mailstore"))
        return DemoAddress(record["url"], record["base"], record["bind_dn"], password, ca_file, store)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _store(record: dict[str, str] | None) -> StoreAddress | None:
    return StoreAddress(record["url"], Secret(record["key"]), Path(record["key_file"])) if record else None
