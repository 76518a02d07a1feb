"""A real slapd (Debian's OpenLDAP 2.5) on loopback, in a folder of its own."""

import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from mailtui.demo import certificates
from mailtui.demo.address import BASE, BIND_DN, DemoAddress
from mailtui.domain.secret import Secret
from tests.servers.ldif import Record, ldif
from tests.servers.waiting import until

SLAPD = Path("/usr/sbin/slapd")
SLAPADD = Path("/usr/sbin/slapadd")
MODULES = Path("/usr/lib/ldap")
SCHEMAS = Path("/etc/ldap/schema")

# As Debian ships it: passwords are for binding, the rest may be read by anyone, people write their own password.
USUAL_ACCESS = """
access to attrs=userPassword by self =xw by anonymous auth by * none
access to * by * read
"""

BASE_ENTRY: Record = (
    BASE,
    {"objectClass": ["top", "dcObject", "organization"], "dc": ["example"], "o": ["Example"]},
)


@dataclass(frozen=True, slots=True)
class SlapdOptions:
    """How a slapd differs from the usual one.

    `access` are `access to ...` lines; `limits` further lines of the database section (`sizelimit 5`, `limits ...`);
    `syncprov` loads the syncrepl provider, with a session log of so many changes unless it is 0.
    """

    access: str = USUAL_ACCESS
    limits: str = ""
    syncprov: bool = False
    session_log: int = 1000
    fsync: bool = False


_USUAL = SlapdOptions()


@contextmanager
def slapd(records: Iterable[Record] = (BASE_ENTRY,), options: SlapdOptions = _USUAL) -> Iterator[DemoAddress]:
    """Run a slapd that holds these entries; it is stopped, and its folder removed, at the end."""
    assert SLAPD.exists(), f"{SLAPD} is missing: apt-get install slapd ldap-utils"
    folder = Path(tempfile.mkdtemp(prefix="mailtui-slapd-"))
    try:
        password = Secret(secrets.token_urlsafe(12))
        authority = _configure(folder, password, options)
        _load(folder, records)
        with _running(folder) as url:
            yield DemoAddress(url, BASE, BIND_DN, password, authority)
    finally:
        shutil.rmtree(folder)


def _configure(folder: Path, password: Secret, options: SlapdOptions) -> Path:
    made = certificates.make(folder)
    (folder / "data").mkdir()
    schema = folder / "mailuser.schema"
    schema.write_text((files("mailtui.demo") / "mailuser.schema").read_text(encoding="utf-8"), encoding="utf-8")
    head = [
        *(f"include {SCHEMAS / name}.schema" for name in ("core", "cosine", "inetorgperson")),
        f"include {schema}",
        f"modulepath {MODULES}",
        *(f"moduleload {module}" for module in ("back_mdb", "syncprov", "ppolicy")),
        f"pidfile {folder / 'slapd.pid'}",
        f"TLSCACertificateFile {made.authority}",
        f"TLSCertificateFile {made.certificate}",
        f"TLSCertificateKeyFile {made.key}",
        "TLSVerifyClient never",
    ]
    (folder / "slapd.conf").write_text("\n".join([*head, *_database(folder, password, options)]) + "\n")
    return made.authority


def _database(folder: Path, password: Secret, options: SlapdOptions) -> list[str]:
    lines = [
        "database mdb",
        f'suffix "{BASE}"',
        f'rootdn "{BIND_DN}"',
        f"rootpw {password.reveal()}",
        f"directory {folder / 'data'}",
        "maxsize 4294967296",
        "index objectClass,uid,mail,mailAlternateAddress,member,owner,manager,employeeNumber eq",
        "index entryUUID,entryCSN eq",
        *options.limits.splitlines(),
        *options.access.strip().splitlines(),
    ]
    if not options.fsync:
        lines.append("dbnosync")
    if options.syncprov:
        lines.append("overlay syncprov")
        lines += [f"syncprov-sessionlog {options.session_log}"] if options.session_log else []
    return lines


def _load(folder: Path, records: Iterable[Record]) -> None:
    text = ldif(records)
    if text:
        command = [str(SLAPADD), "-q", "-w", "-f", str(folder / "slapd.conf")]
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()


@contextmanager
def _running(folder: Path) -> Iterator[str]:
    port = _free_port()
    command = [
        str(SLAPD),
        "-f",
        str(folder / "slapd.conf"),
        "-h",
        f"ldap://127.0.0.1:{port} {_socket_url(folder)}",
        "-d",
        "0",
    ]
    with (folder / "slapd.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        until(lambda: _answers(port) or process.poll() is not None, "slapd to answer")
        assert process.poll() is None, (folder / "slapd.log").read_text()
        yield f"ldap://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def socket_url(address: DemoAddress) -> str:
    """Give the address of the server's Unix socket, over which SASL EXTERNAL tells who is there."""
    return _socket_url(address.ca_file.parent)


def _socket_url(folder: Path) -> str:
    return "ldapi://" + quote(str(folder / "ldapi"), safe="")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
