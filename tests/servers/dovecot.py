"""A real Dovecot (Debian's 2.3) on loopback, in a folder of its own; its users are those of a directory."""

import getpass
import grp
import os
import pwd
import secrets
import shutil
import smtplib
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from imaplib import IMAP4
from pathlib import Path

from mailtui.demo import certificates
from mailtui.demo.address import DemoAddress
from mailtui.domain.secret import Secret
from tests.servers.ports import reserved_port
from tests.servers.waiting import until

DOVECOT = Path("/usr/sbin/dovecot")
DOVEADM = Path("/usr/bin/doveadm")
TEMPLATE = Path(__file__).with_name("dovecot.conf")

# What mailtui's part of a mail store needs, as Dovecot writes the names.
ALLOWED = (
    "quota get", "user", "mailbox status", "mailbox create", "mailbox delete", "mailbox rename", "copy", "who", "kick",
    "auth cache flush", "sieve list", "sieve get", "sieve put", "sieve activate", "sieve deactivate", "sieve delete",
    "acl get", "acl set", "acl delete", "dict iter", "backup", "expunge",
)  # fmt: skip

_LDAP = """
hosts = {host}
dn = {dn}
dnpass = {password}
ldap_version = 3
base = {base}
scope = subtree
auth_bind = no
default_pass_scheme = PLAIN
pass_attrs  = mail=user, userPassword=password
pass_filter = (&(objectClass=mailUser)(mail=%u)(|(!(accountStatus=*))(accountStatus=active)))
user_attrs  = mail=user, =uid={uid}, =gid={gid}, =home={home}/%Ld/%Ln, mailQuota=quota_rule=*:bytes=%$
user_filter = (&(objectClass=mailUser)(mail=%u)(!(accountStatus=deleted)))
iterate_attrs  = mail=user
iterate_filter = (objectClass=mailUser)
"""
_ORDINARY = """
default_internal_user = {name}
default_login_user = {name}
default_internal_group = {group}
"""
_CERTIFICATES = """
ssl_cert = <{certificate}
ssl_key = <{key}
"""


@dataclass(frozen=True, slots=True)
class DovecotOptions:
    """How a Dovecot differs from the usual one.

    `as_mail`: its doveadm service runs as the owner of the mail, not as root (without root it always does). An empty
    `allowed` allows all commands. With `tls` its HTTP API speaks https. `hibernates` is after how long an idle
    session is put to sleep beside others in one process.
    """

    as_mail: bool = True
    allowed: tuple[str, ...] = ALLOWED
    tls: bool = False
    hibernates: str = "0"
    mail_format: str = "sdbox"


_USUAL = DovecotOptions()


class Dovecot:
    """A Dovecot that runs; where it answers, and the few things that tests ask of it directly."""

    def __init__(self, folder: Path, ports: list[int], options: DovecotOptions) -> None:
        self.folder = folder
        self.key = Secret(secrets.token_urlsafe(24))
        self.http_port, self.imap_port, self.lmtp_port = ports
        scheme = "https" if options.tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self.http_port}"
        self.ca_file = folder / "ca.pem"
        self.last_logins = f"file:{folder}/dict/last-login.db"
        self.shared = f"file:{folder}/dict/shared-mailboxes.db"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def config(self) -> Path:
        """Its config file."""
        return self.folder / "dovecot.conf"

    def start(self) -> None:
        """Run it, and wait until it answers."""
        with (self.folder / "out.log").open("ab") as log:
            process = self._process = subprocess.Popen([DOVECOT, "-F", "-c", self.config], stdout=log, stderr=log)
        until(lambda: _answers(self.http_port) or process.poll() is not None, "Dovecot to answer")
        assert process.poll() is None, (self.folder / "out.log").read_text() + self.log()

    def stop(self) -> None:
        """End it and all that it started."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def log(self) -> str:
        """Give what it wrote down."""
        file = self.folder / "dovecot.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def home(self, user: str) -> Path:
        """Give the folder in which an account's mail lies."""
        local, _, domain = user.lower().partition("@")
        return self.folder / "mail" / domain / local

    def doveadm(self, *arguments: str, given: bytes = b"") -> str:
        """Run its command-line tool, and give what that prints."""
        command = [str(DOVEADM), "-c", str(self.config), *arguments]
        done = subprocess.run(command, input=given, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def deliver(self, user: str, *mails: bytes) -> None:
        """Deliver mails to an account, as the world does."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as line:
            for mail in mails:
                line.sendmail("sender@example.com", [user], mail)

    def save(self, user: str, folder: str, *mails: bytes) -> None:
        """Put mails into a folder of an account, which is made if it is not there."""
        with self.imap(user) as line:
            line.create(_quoted(folder))
            for mail in mails:
                assert line.append(_quoted(folder), "", "", mail)[0] == "OK"

    def imap(self, user: str, password: str = "secret") -> IMAP4:
        """Log in."""
        line = IMAP4("127.0.0.1", self.imap_port, timeout=20)
        try:
            line.login(user, password)
        except IMAP4.error:
            line.shutdown()
            raise
        return line


@contextmanager
def dovecot(directory: DemoAddress, options: DovecotOptions = _USUAL) -> Iterator[Dovecot]:
    """Run a Dovecot whose users are those of a directory; it is stopped, and its folder removed, at the end."""
    assert DOVECOT.exists(), f"{DOVECOT} is missing: apt-get install dovecot-core dovecot-imapd dovecot-ldap"
    folder = Path(tempfile.mkdtemp(prefix="mailtui-dovecot-"))
    with ExitStack() as reserved:
        ports = [reserved.enter_context(reserved_port()) for _number in range(3)]
        server = Dovecot(folder, ports, options)
        try:
            _configure(server, directory, options)
            server.start()
            yield server
        finally:
            server.stop()
            shutil.rmtree(folder)


def _configure(server: Dovecot, directory: DemoAddress, options: DovecotOptions) -> None:
    folder = server.folder
    # The processes that have dropped root must pass through.
    folder.chmod(0o755)
    owner = pwd.getpwnam("mail" if os.geteuid() == 0 else getpass.getuser())
    for name in ("dict", "mail", "public"):
        (folder / name).mkdir()
        os.chown(folder / name, owner.pw_uid, owner.pw_gid)
    made = certificates.make(folder)
    for name in ("passdb.conf", "userdb.conf"):
        (folder / name).write_text(
            _LDAP.format(
                host=directory.url.removeprefix("ldap://"), dn=directory.bind_dn, password=directory.password.reveal(),
                base=directory.base, uid=owner.pw_uid, gid=owner.pw_gid, home=folder / "mail",
            )
        )  # fmt: skip
    words = {
        "DIR": folder, "UID": owner.pw_uid, "GID": owner.pw_gid, "OWNER": owner.pw_name,
        "GROUP": grp.getgrgid(owner.pw_gid).gr_name, "KEY": server.key.reveal(), "ALLOWED": ",".join(options.allowed),
        "FORMAT": options.mail_format, "HIBERNATES": options.hibernates, "TLS": "yes" if options.tls else "no",
        "HTTP_PORT": server.http_port, "IMAP_PORT": server.imap_port, "LMTP_PORT": server.lmtp_port,
        "DOVEADM": _doveadm(owner, options), "USERS": _users(owner),
        "INTERNAL_GROUP": "dovecot" if os.geteuid() == 0 else grp.getgrgid(owner.pw_gid).gr_name,
        "CERTIFICATES": _CERTIFICATES.format(certificate=made.certificate, key=made.key),
    }  # fmt: skip
    text = TEMPLATE.read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(f"@{word}@", str(value))
    server.config.write_text(text, encoding="utf-8")


def _doveadm(owner: pwd.struct_passwd, options: DovecotOptions) -> str:
    return f"  user = {owner.pw_name}\n  service_count = 1000" if options.as_mail and os.geteuid() == 0 else ""


def _users(owner: pwd.struct_passwd) -> str:
    if os.geteuid() == 0:
        return ""
    return _ORDINARY.format(name=owner.pw_name, group=grp.getgrgid(owner.pw_gid).gr_name)


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
