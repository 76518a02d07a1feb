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
from mailtui.demo.certificates import Certificates
from mailtui.domain.secret import Secret
from tests.servers.ldif import Record, entries
from tests.servers.ports import reserved_port
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

LOG_BASE = "cn=accesslog"

BASE_ENTRY: Record = (
    BASE,
    {"objectClass": ["top", "dcObject", "organization"], "dc": ["example"], "o": ["Example"]},
)


@dataclass(frozen=True, slots=True)
class SlapdOptions:
    """How a slapd differs from the usual one.

    `access` are `access to ...` lines; `limits` further lines of the database section (`sizelimit 5`, `limits ...`);
    `syncprov` loads the syncrepl provider, with a session log of so many changes unless it is 0. `accesslog` keeps
    every change that succeeded, for `tests.servers.accesslog` to read; it makes writing twice as dear. With `fsync`
    a change is on the disk before it is answered.
    """

    access: str = USUAL_ACCESS
    limits: str = ""
    syncprov: bool = False
    session_log: int = 1000
    accesslog: bool = False
    fsync: bool = False
    most_bytes: int = 1 << 32


_USUAL = SlapdOptions()


class Slapd:
    """A slapd that can be stopped and started again, at the same address and with the same data."""

    def __init__(self, folder: Path, password: Secret, made: Certificates, port: int) -> None:
        self._folder, self._certificates, self._port = folder, made, port
        self._process: subprocess.Popen[bytes] | None = None
        self.address = DemoAddress(f"ldap://127.0.0.1:{self._port}", BASE, BIND_DN, password, made.authority)

    def start(self) -> None:
        """Run it, and wait until it answers."""
        urls = f"ldap://127.0.0.1:{self._port} {_socket_url(self._folder)}"
        command = [str(SLAPD), "-f", str(self._folder / "slapd.conf"), "-h", urls, "-d", "0"]
        with (self._folder / "slapd.log").open("ab") as log:
            process = self._process = subprocess.Popen(command, stdout=log, stderr=log)
        until(lambda: _answers(self._folder / "ldapi") or process.poll() is not None, "slapd to answer")
        assert process.poll() is None, (self._folder / "slapd.log").read_text()

    def stop(self) -> None:
        """End it in order."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def kill(self) -> None:
        """End it at once, as a crash does (SIGKILL)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)
            self._process = None

    def restart(self, options: SlapdOptions | None = None) -> None:
        """Stop it and run it again, as another one if so wished."""
        self.stop()
        if options is not None:
            _write_config(self._folder, self.address.password, self._certificates, options)
        self.start()


@contextmanager
def slapd_server(records: Iterable[Record] = (BASE_ENTRY,), options: SlapdOptions = _USUAL) -> Iterator[Slapd]:
    """Run a slapd that holds these entries; it is stopped, and its folder removed, at the end."""
    assert SLAPD.exists(), f"{SLAPD} is missing: apt-get install slapd ldap-utils"
    folder = Path(tempfile.mkdtemp(prefix="mailtui-slapd-"))
    try:
        password = Secret(secrets.token_urlsafe(12))
        made = _configure(folder, password, options)
        _load(folder, records)
        with reserved_port() as port:
            server = Slapd(folder, password, made, port)
            try:
                server.start()
                yield server
            finally:
                server.stop()
    finally:
        shutil.rmtree(folder)


@contextmanager
def slapd(records: Iterable[Record] = (BASE_ENTRY,), options: SlapdOptions = _USUAL) -> Iterator[DemoAddress]:
    """Run a slapd that holds these entries, and say where it is."""
    with slapd_server(records, options) as server:
        yield server.address


def _configure(folder: Path, password: Secret, options: SlapdOptions) -> Certificates:
    made = certificates.make(folder)
    (folder / "data").mkdir()
    _write_config(folder, password, made, options)
    return made


def _write_config(folder: Path, password: Secret, made: Certificates, options: SlapdOptions) -> None:
    schema = folder / "mailuser.schema"
    schema.write_text((files("mailtui.demo") / "mailuser.schema").read_text(encoding="utf-8"), encoding="utf-8")
    head = [
        *(f"include {SCHEMAS / name}.schema" for name in ("core", "cosine", "inetorgperson")),
        f"include {schema}",
        f"modulepath {MODULES}",
        *(f"moduleload {module}" for module in ("back_mdb", "syncprov", "ppolicy", "accesslog")),
        f"pidfile {folder / 'slapd.pid'}",
        f"TLSCACertificateFile {made.authority}",
        f"TLSCertificateFile {made.certificate}",
        f"TLSCertificateKeyFile {made.key}",
        "TLSVerifyClient never",
    ]
    (folder / "slapd.conf").write_text(
        "\n".join([*head, *_accesslog(folder, password, options), *_database(folder, password, options)]) + "\n"
    )


def _database(folder: Path, password: Secret, options: SlapdOptions) -> list[str]:
    lines = [
        "database mdb",
        f'suffix "{BASE}"',
        f'rootdn "{BIND_DN}"',
        f"rootpw {password.reveal()}",
        f"directory {folder / 'data'}",
        f"maxsize {options.most_bytes}",
        "index objectClass,uid,mail,mailAlternateAddress,member,owner,manager,employeeNumber eq",
        "index entryUUID,entryCSN eq",
        *options.limits.splitlines(),
        *options.access.strip().splitlines(),
    ]
    lines += _durability(options)
    if options.accesslog:
        lines += [
            "overlay accesslog",
            f"logdb {LOG_BASE}",
            "logops writes",
            "logsuccess TRUE",
            "logold (objectClass=*)",
        ]
    if options.syncprov:
        lines.append("overlay syncprov")
        lines += [f"syncprov-sessionlog {options.session_log}"] if options.session_log else []
    return lines


def _accesslog(folder: Path, password: Secret, options: SlapdOptions) -> list[str]:
    """Give the database of changes, which must stand before the one whose changes it keeps."""
    if not options.accesslog:
        return []
    (folder / "log").mkdir(exist_ok=True)
    return [
        "database mdb",
        f'suffix "{LOG_BASE}"',
        f'rootdn "{BIND_DN}"',
        f"directory {folder / 'log'}",
        f"maxsize {options.most_bytes}",
        "index objectClass,reqStart,reqDN eq",
        "access to * by * none",
        *_durability(options),
    ]


def _durability(options: SlapdOptions) -> list[str]:
    return [] if options.fsync else ["dbnosync"]


def _load(folder: Path, records: Iterable[Record]) -> None:
    file = folder / "entries.ldif"
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(text + "\n" for text in entries(records))
    if file.stat().st_size:
        command = [str(SLAPADD), "-q", "-w", "-b", BASE, "-f", str(folder / "slapd.conf"), "-l", str(file)]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
    file.unlink()


def socket_url(address: DemoAddress) -> str:
    """Give the address of the server's Unix socket, over which SASL EXTERNAL tells who is there."""
    return _socket_url(address.ca_file.parent)


def _socket_url(folder: Path) -> str:
    return "ldapi://" + quote(str(folder / "ldapi"), safe="")


def _answers(file: Path) -> bool:
    """Tell whether slapd listens: on the Unix socket that it opens last, and that nobody else can have."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(file)) == 0
