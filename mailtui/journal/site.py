"""What the folder and the files of a site's journal must be like: all its operators write into it, nobody else."""

import grp
import os
import shlex
import stat
from pathlib import Path

from mailtui.errors import Refused
from mailtui.texts import _

_FOLDER_MODE = 0o2770
_FILE_MODE = 0o660


def check(path: Path) -> None:
    """Refuse a journal whose folder is not there or not 2770, whose group the user is not in, or that is not 0660.

    Raises:
        Refused: The hint holds the commands that put it right.
    """
    _check_folder(path.parent)
    _check_file(path)


def check_beside(path: Path) -> None:
    """Refuse a journal whose write-ahead log or its index are not as the journal itself must be.

    Raises:
        Refused: The hint holds the commands that put it right.
    """
    for ending in ("-wal", "-shm"):
        _check_file(path.with_name(path.name + ending))


def _check_folder(folder: Path) -> None:
    try:
        found = folder.stat()
    except OSError as error:
        reason = _("it cannot be read: {reason}").format(reason=error.strerror)
        raise _refused(folder, reason, "mkdir" if isinstance(error, FileNotFoundError) else "") from error
    mode = stat.S_IMODE(found.st_mode)
    if not stat.S_ISDIR(found.st_mode):
        raise _refused(folder, _("it is no folder"))
    if found.st_gid not in (os.getegid(), *os.getgroups()):
        raise _refused(folder, _("you are no member of its group, {group}").format(group=_group(found.st_gid)))
    if mode != _FOLDER_MODE:
        raise _refused(folder, _("its mode is {mode:04o}, not 2770").format(mode=mode), group=_group(found.st_gid))


def _refused(folder: Path, reason: str, first: str = "", group: str = "helpdesk") -> Refused:
    where = shlex.quote(str(folder))
    commands = [f"chgrp {group} {where}", f"chmod 2770 {where}"]
    return Refused(
        _("The site's journal cannot be kept in {folder}: {reason}").format(folder=folder, reason=reason),
        hint=_("As its owner: `{commands}`; the group is the one all operators are in.").format(
            commands="; ".join([f"{first} {where}", *commands] if first else commands)
        ),
    )


def _check_file(file: Path) -> None:
    try:
        found = file.stat()
    except FileNotFoundError:
        return
    group, mode = file.parent.stat().st_gid, stat.S_IMODE(found.st_mode)
    if (found.st_gid, mode) != (group, _FILE_MODE):
        reason = _("its group is {group}, its mode {mode:04o}").format(group=_group(found.st_gid), mode=mode)
        where = shlex.quote(str(file))
        raise Refused(
            _("The site's journal {file} cannot be used: {reason}").format(file=file, reason=reason),
            hint=_("As its owner: `{commands}`.").format(commands=f"chgrp {_group(group)} {where}; chmod 0660 {where}"),
        )


def _group(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)
