"""Sieve scripts of mailboxes: listed, given, stored, activated."""

from mailtui.demo.mailstore.compiling import compiles
from mailtui.demo.mailstore.folders import Rows
from mailtui.demo.mailstore.mailbox import Mailbox
from mailtui.demo.mailstore.office import Office
from mailtui.demo.mailstore.owners import Owner
from mailtui.demo.mailstore.parameters import BAD_DATA, NOT_FOUND, Failed, Parameters


def sieve_list(office: Office, owner: Owner, _given: Parameters) -> Rows:
    """List the scripts."""
    box = office.mailbox(owner)
    return [{"script": name, "active": "ACTIVE" if name == box.active else ""} for name in box.scripts]


def sieve_get(office: Office, owner: Owner, given: Parameters) -> Rows:
    """Give the text of a script."""
    box = office.mailbox(owner)
    return [{"sieve script": box.scripts[_existing(box, given)]}]


def sieve_put(office: Office, owner: Owner, given: Parameters) -> Rows:
    """Store a script, if it is one, and activate it if that is asked for."""
    box, name, text = office.mailbox(owner), given.text("scriptname"), given.text("file")
    if not name or not compiles(text):
        raise Failed(BAD_DATA)
    box.scripts[name] = text
    if given.flag("activate"):
        box.active = name
    return []


def sieve_activate(office: Office, owner: Owner, given: Parameters) -> Rows:
    """Let a script decide about new mail."""
    box = office.mailbox(owner)
    box.active = _existing(box, given)
    return []


def sieve_deactivate(office: Office, owner: Owner, _given: Parameters) -> Rows:
    """Let no script decide."""
    office.mailbox(owner).active = ""
    return []


def sieve_delete(office: Office, owner: Owner, given: Parameters) -> Rows:
    """Delete a script that is not active."""
    box = office.mailbox(owner)
    name = _existing(box, given)
    if name == box.active:
        raise Failed(BAD_DATA)
    del box.scripts[name]
    return []


def _existing(box: Mailbox, given: Parameters) -> str:
    name = given.text("scriptname")
    if name not in box.scripts:
        raise Failed(NOT_FOUND)
    return name
