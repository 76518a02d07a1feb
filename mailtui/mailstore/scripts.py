"""The sieve scripts of mailboxes: listed, stored, activated."""

from mailtui.errors import UsageError
from mailtui.mailstore.calling import Line, change, rows
from mailtui.mailstore.names import checked_script, checked_user
from mailtui.mailstore.values import Script
from mailtui.texts import _


def scripts(line: Line, user: str) -> tuple[Script, ...]:
    """List the scripts of a mailbox."""
    listed = rows(line, "sieveList", {"user": checked_user(user)})
    return tuple(Script(str(row.get("script", "")), row.get("active") == "ACTIVE") for row in listed)


def script(line: Line, user: str, name: str) -> str:
    """Give the text of a script."""
    listed = rows(line, "sieveGet", {"user": checked_user(user), "scriptname": checked_script(name)})
    return "".join(str(row.get("sieve script", "")) for row in listed)


def put_script(line: Line, user: str, name: str, text: str) -> str | None:
    """Store a script and activate it, and name the one that was active."""
    if not text.strip() or "\0" in text:
        raise UsageError(_("The sieve script is empty"), hint=_("Write what it is to do."))
    parameters = {"user": checked_user(user), "scriptname": checked_script(name), "activate": True, "file": text}
    before = _active(line, user)

    def is_stored() -> bool:
        return _active(line, user) == name and _lines(script(line, user, name)) == _lines(text)

    change(line, "sievePut", parameters, is_stored)
    return before


def activate_script(line: Line, user: str, name: str | None) -> None:
    """Let a script decide about new mail, or none."""
    named = {} if name is None else {"scriptname": checked_script(name)}
    if _active(line, user) == name:
        return
    command = "sieveDeactivate" if name is None else "sieveActivate"
    change(line, command, {"user": checked_user(user), **named}, lambda: _active(line, user) == name)


def _active(line: Line, user: str) -> str | None:
    return next((each.name for each in scripts(line, user) if each.is_active), None)


def _lines(text: str) -> list[str]:
    return text.rstrip("\r\n").splitlines()
