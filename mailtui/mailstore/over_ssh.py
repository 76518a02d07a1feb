"""The `doveadm` command over ssh, behind a forced command: for servers without the HTTP API."""

import json
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mailtui.config.sections import MailStoreConfig
from mailtui.errors import MailStoreError
from mailtui.mailstore import failures
from mailtui.mailstore.calling import Answer, Command, Patience, Row
from mailtui.texts import _

NOT_ALLOWED = 126
"""With what a forced command must end when it does not allow a command."""
_SSH_FAILED = 255
_NOT_FOUND = 127


@dataclass(frozen=True, slots=True)
class _Words:
    """How a command is written: its words, the options that parameters become, and what stands at its end."""

    words: str
    options: Mapping[str, str]
    ending: tuple[str, ...] = ()


_USER = {"user": "-u"}
_ANY = {"user": "-u", "allUsers": "-A"}
_WORDS = {
    "quotaGet": _Words("quota get", _ANY),
    "user": _Words("user", {}, ("userMask",)),
    "mailboxStatus": _Words("mailbox status", _ANY, ("field", "mailboxMask")),
    "mailboxCreate": _Words("mailbox create", _USER, ("mailbox",)),
    "mailboxRename": _Words("mailbox rename", _USER, ("mailbox", "newName")),
    "mailboxDelete": _Words("mailbox delete", _USER, ("mailbox",)),
    "copy": _Words("copy", _USER, ("destinationMailbox", "sourceType", "sourceUser", "query")),
    "backup": _Words("backup", _USER, ("destination",)),
    "expunge": _Words("expunge", _USER, ("query",)),
    "who": _Words("who", {"separateConnections": "-1"}, ("mask",)),
    "kick": _Words("kick", {}, ("mask",)),
    "authCacheFlush": _Words("auth cache flush", {}, ("user",)),
    "dictIter": _Words("dict iter", {"recurse": "-R"}, ("dictUri", "prefix")),
    "sieveList": _Words("sieve list", _USER),
    "sieveGet": _Words("sieve get", _USER, ("scriptname",)),
    "sievePut": _Words("sieve put", {**_USER, "activate": "-a"}, ("scriptname",)),
    "sieveActivate": _Words("sieve activate", _USER, ("scriptname",)),
    "sieveDeactivate": _Words("sieve deactivate", _USER),
    "aclGet": _Words("acl get", _USER, ("mailbox",)),
    "aclSet": _Words("acl set", _USER, ("mailbox", "id", "right")),
    "aclDelete": _Words("acl delete", _USER, ("mailbox", "id")),
    "fetch": _Words("fetch", _USER, ("field", "query")),
    "save": _Words("save", _USER),
    "import": _Words("import", _USER, ("sourceLocation", "destParentMailbox", "query")),
    "fsGet": _Words("fs get", {}, ("fsDriver", "fsArgs", "path")),
}
# One word for all of them, where the command line has it so.
_JOINED = {"field"}


class SshLine:
    """Asks a doveadm over ssh: one command after the other, each a line that the server's forced command may refuse."""

    def __init__(self, config: MailStoreConfig) -> None:
        self._ssh, self._timeout_s = config.ssh_command, config.timeout_s

    @property
    def is_quick(self) -> bool:
        """Each is a process on the server, and as a rule a log-in before that."""
        return False

    def ask(self, commands: Sequence[Command], patience: Patience = Patience.ONE) -> list[Answer]:
        """Send commands one by one; see `Line`."""
        return [self._asked(command, self._timeout_s * patience) for command in commands]

    def _asked(self, command: Command, patience_s: float) -> Answer:
        line = ["doveadm", "-f", "json", *words(command)]
        # ssh joins its arguments with blanks, and the server takes that apart as a shell would.
        arguments = [*self._ssh, *map(shlex.quote, line)]
        given = str(command.parameters.get("file", "")).encode()
        try:
            done = subprocess.run(arguments, input=given, capture_output=True, timeout=patience_s, check=False)
        except subprocess.TimeoutExpired:
            reason = _("it took too long")
            raise failures.lost(self._ssh[-1], reason, was_sent_to_change=command.changes) from None
        except OSError as error:
            reason = error.strerror or str(error)
            raise failures.lost(self._ssh[-1], reason, was_sent_to_change=False) from error
        said = done.stderr.decode("utf-8", "replace").strip()
        if done.returncode == _SSH_FAILED or done.returncode < 0:
            raise failures.lost(self._ssh[-1], said or _("ssh ended"), was_sent_to_change=command.changes)
        return _answer(command, done.returncode, done.stdout.decode("utf-8", "replace"), said)


def words(command: Command) -> list[str]:
    """Write a command as the words that follow `doveadm`."""
    form = _WORDS[command.name]
    options: list[str] = []
    for name, option in form.options.items():
        value = command.parameters.get(name)
        if value:
            options += [option] if value is True else [option, str(value)]
    ending = [word for name in form.ending for word in _values(name, command.parameters.get(name, ()))]
    return [*form.words.split(), *options, *(["--"] if ending else []), *ending]


def _values(name: str, value: str | Sequence[str]) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [" ".join(value)] if name in _JOINED else list(value)


def _answer(command: Command, status: int, out: str, said: str) -> Answer:
    if status == NOT_ALLOWED:
        return failures.forbidden(command.name)
    if status in {failures.USAGE, _NOT_FOUND}:
        return failures.not_understood(command.name, said)
    if status:
        return failures.of_status(status, command.name, said.splitlines()[0] if said else "")
    return _rows(command, out)


def _rows(command: Command, out: str) -> Answer:
    """Read the rows; what follows them is for people, but of `user` it is the names asked for."""
    text = out.lstrip()
    try:
        found, end = json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError:
        return MailStoreError(
            _("The mail store does not answer {command} with JSON: {said}").format(
                command=command.name, said=text[:80]
            ),
            hint=_("The forced command must run `doveadm -f json`."),
        )
    listed: tuple[Row, ...] = tuple(row for row in found if isinstance(row, dict)) if isinstance(found, list) else ()
    if command.name == "user" and not listed:
        return ({"userList": text[end:].split()},)
    return listed
