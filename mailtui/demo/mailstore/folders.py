"""Folders: listed with what is in them, made, renamed and deleted."""

import re
from collections.abc import Callable, Mapping

from mailtui.demo.mailstore.mailbox import Folder, Mailbox
from mailtui.demo.mailstore.office import Office
from mailtui.demo.mailstore.owners import Owner
from mailtui.demo.mailstore.parameters import BAD_DATA, NOT_FOUND, Died, Failed, Parameters

Rows = list[dict[str, str]]

_FIGURES: Mapping[str, Callable[[Folder], int]] = {
    "messages": lambda folder: folder.messages,
    "recent": lambda _folder: 0,
    "uidnext": lambda folder: folder.messages + 1,
    "unseen": lambda folder: folder.messages // 40,
    "vsize": lambda folder: folder.size,
}


def mailbox_status(office: Office, owner: Owner, given: Parameters) -> Rows:
    """Tell what is in the folders that masks fit; in one row with `totalSum`."""
    fields, masks = given.some("field"), given.some("mailboxMask")
    if not {*fields} <= {*_FIGURES, "guid"}:
        raise Died
    figures = {name: figure for name, figure in _FIGURES.items() if name in fields}
    found = _fitting(office.mailbox(owner), masks)
    if given.flag("totalSum"):
        return [{name: str(sum(map(figure, found.values()))) for name, figure in figures.items()}]
    rows = []
    for name, folder in found.items():
        row = {"mailbox": name, **{each: str(figure(folder)) for each, figure in figures.items()}}
        rows.append(row | ({"guid": folder.guid} if "guid" in fields else {}))
    return rows


def _fitting(box: Mailbox, masks: list[str]) -> dict[str, Folder]:
    """Give the folders that masks fit; a name that is no mask must be there."""
    found: dict[str, Folder] = {}
    for mask in masks:
        if not set(mask) & set("*%"):
            found[_as_kept(mask)] = existing(box, mask)
            continue
        pattern = re.compile(re.escape(mask).replace(r"\*", ".*").replace("%", "[^/]*"), re.DOTALL)
        found |= {name: folder for name, folder in box.folders.items() if pattern.fullmatch(name)}
    return found


def existing(box: Mailbox, name: str) -> Folder:
    """Give a folder that must be there."""
    folder = box.folder(name)
    if folder is None:
        raise Failed(NOT_FOUND)
    return folder


def mailbox_create(office: Office, owner: Owner, given: Parameters) -> Rows:
    """Make folders."""
    box = office.mailbox(owner)
    for name in given.some("mailbox"):
        if box.folder(name) is not None or not name:
            raise Failed(BAD_DATA)
        box.folders[name] = Folder()
    return []


def mailbox_rename(office: Office, owner: Owner, given: Parameters) -> Rows:
    """Rename a folder, with those below it."""
    box, old, new = office.mailbox(owner), _as_kept(given.text("mailbox")), given.text("newName")
    names = list(box.below(old))
    if not new or box.folder(new) is not None:
        raise Failed(BAD_DATA)
    if not names:
        raise Failed(NOT_FOUND)
    for name in names:
        box.folders[new + name[len(old) :]] = box.folders.pop(name)
    return []


def mailbox_delete(office: Office, owner: Owner, given: Parameters) -> Rows:
    """Delete folders with what is in them, but not those below."""
    box = office.mailbox(owner)
    for name in given.some("mailbox"):
        existing(box, name)
        del box.folders[_as_kept(name)]
    return []


def _as_kept(name: str) -> str:
    return name.upper() if name.upper() == "INBOX" else name
