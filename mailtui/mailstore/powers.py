"""What our key may do, found out by commands for an account that is nowhere."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mailtui.errors import MailStoreError, MailStoreForbids
from mailtui.mailstore.calling import Answer, Command, Line
from mailtui.mailstore.values import Power, Powers

# RFC 2606: nobody can ever have it.
_NOBODY = "nobody@mailtui.invalid"
_ALL = ["mailbox-guid", "0" * 32, "ALL"]

_SERVICE: Mapping[str, Mapping[str, Any]] = {
    "who": {"separateConnections": True, "mask": [_NOBODY]},
    "kick": {"mask": [_NOBODY]},
    "authCacheFlush": {"user": [_NOBODY]},
    "user": {"userMask": [_NOBODY]},
}
_MAIL: Mapping[str, Mapping[str, Any]] = {
    "quotaGet": {},
    "mailboxStatus": {"field": ["messages"], "mailboxMask": ["INBOX"]},
    "mailboxCreate": {"mailbox": ["INBOX"]},
    "mailboxRename": {"mailbox": "INBOX", "newName": "x"},
    "mailboxDelete": {"mailbox": ["INBOX"]},
    "copy": {"destinationMailbox": "x", "sourceType": "user", "sourceUser": _NOBODY, "query": _ALL},
    "backup": {"destination": ["sdbox:/nonexistent"]},
    "expunge": {"query": _ALL},
    "sieveList": {},
    "sieveGet": {"scriptname": "x"},
    "sievePut": {"scriptname": "x", "activate": True, "file": "keep;"},
    "sieveActivate": {"scriptname": "x"},
    "sieveDeactivate": {},
    "aclGet": {"mailbox": "INBOX"},
    "aclSet": {"mailbox": "INBOX", "id": f"user={_NOBODY}", "right": ["lookup"]},
    "aclDelete": {"mailbox": "INBOX", "id": f"user={_NOBODY}"},
    # Never needed: reading mail, putting mail in, copying files in as root.
    "fetch": {"field": ["uid"], "query": _ALL},
    "save": {"file": ""},
    "import": {"sourceLocation": "sdbox:/nonexistent", "destParentMailbox": "x", "query": ["ALL"]},
}
_EXCESS = ("fetch", "save", "import")
_NEEDED = {
    Power.USAGE: {"quotaGet", "mailboxStatus", "user"},
    Power.FOLDERS: {"mailboxStatus"},
    Power.SESSIONS: {"who"},
    Power.END_SESSIONS: {"who", "kick"},
    Power.FORGET_LOGINS: {"authCacheFlush"},
    Power.SCRIPTS: {"sieveList", "sieveGet", "sievePut", "sieveActivate", "sieveDeactivate"},
    Power.SEATS: {"aclGet", "aclSet", "aclDelete"},
    Power.TRANSFER: {"user", "quotaGet", "mailboxStatus", "mailboxCreate", "mailboxRename", "mailboxDelete", "copy"},
    Power.ARCHIVE: {"backup"},
    Power.PURGE: {"mailboxStatus", "mailboxDelete", "expunge"},
}
_OWN_FILE = {"fsDriver": "posix", "fsArgs": "", "path": "/proc/self/status"}
_USER_IDS = re.compile(r"^Uid:\s+\d+\s+(\d+)", re.MULTILINE)


def powers(line: Line, last_login_dict: str) -> Powers:
    """Find out what our key may do; nothing is changed, and no account touched."""
    # Those of the service first: a process that has read mail is no longer who it was.
    asked = [Command(name, held) for name, held in _SERVICE.items()]
    allowed = _allowed(line, asked)
    for name, held in _MAIL.items():
        # Alone: a server that does not know one of them as we do may end its process over it.
        allowed |= _allowed(line, [Command(name, {"user": _NOBODY, **held})])
    can = {power for power, needed in _NEEDED.items() if needed <= allowed}
    notes = {"dictUri": last_login_dict, "recurse": True, "prefix": "shared/none/"}
    if last_login_dict and _allowed(line, [Command("dictIter", notes)]):
        can.add(Power.LAST_LOGINS)
    excess, is_root = _files(line)
    return Powers(frozenset(can), (*excess, *(name for name in _EXCESS if name in allowed)), is_root)


def _allowed(line: Line, commands: Sequence[Command]) -> set[str]:
    answers = line.ask(commands)
    return {command.name for command, answer in zip(commands, answers, strict=True) if _is_allowed(answer)}


def _is_allowed(answer: Answer) -> bool:
    """Tell whether a command was carried out; for nobody, which may end in any exit status."""
    return not isinstance(answer, MailStoreError) or answer.status is not None


def _files(line: Line) -> tuple[tuple[str, ...], bool | None]:
    """Tell whether the key reads files of the server, and as whom: by the file in which Linux tells who one is."""
    answer = line.ask([Command("fsGet", _OWN_FILE)])[0]
    if isinstance(answer, MailStoreForbids):
        return (), None
    if isinstance(answer, MailStoreError):
        return (("fsGet",) if answer.status is not None else ()), None
    content = "".join(str(row.get("content", "")) for row in answer)
    found = _USER_IDS.search(content)
    return ("fsGet",), None if found is None else found[1] == "0"
