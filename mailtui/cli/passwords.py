"""New passwords handed over once: printed, or written to a file that is its owner's alone."""

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mailtui.cli.asking import ask_new_password, has_person
from mailtui.cli.context import notice
from mailtui.desk.private_files import check_new, write_privately
from mailtui.domain.batch import BatchRow
from mailtui.domain.passwords import check_typed
from mailtui.domain.plan import Plan
from mailtui.domain.policy import Policy
from mailtui.domain.secret import Secret
from mailtui.errors import Refused
from mailtui.plans.passwords import asks_for_password
from mailtui.texts import _, clean, fit, width

_TRIES = 3
Made = tuple[BatchRow, Secret]


def check_file(file: Path | None) -> None:
    """Refuse a file that is there already, before anything is changed.

    Raises:
        UsageError: It is there, or its folder is not.
    """
    if file is not None:
        check_new(file)


def typed(plan: Plan, policy: Policy) -> Secret | None:
    """Have the password typed that a plan asks for; None where it asks for none.

    Raises:
        Refused: Nobody is here to type it, or what was typed could not be taken.
    """
    row = asks_for_password(plan)
    if row is None:
        return None
    if not has_person():
        raise Refused(
            _("Nobody is here to type the password; nothing was changed"),
            hint=_("Leave --ask out: then one is made."),
        )
    for number in itertools.count(1):
        first, again = ask_new_password(row.login)
        try:
            check_typed(first, again, (row.login, row.name), policy.password_length)
        except Refused as refused:
            if number == _TRIES:
                raise
            notice(f"{refused.message}. {refused.hint}")
        else:
            return first
    return None


def handed_over(made: Sequence[Made], file: Path | None) -> Sequence[Made]:
    """Write passwords to a file where one is named; gives those that are still to be shown."""
    if file is None or not made:
        return made
    try:
        write_privately(file, "".join(f"{row.login}\t{secret.reveal()}\n" for row, secret in made))
    except OSError as error:
        # They hold by now: better shown than lost.
        notice(_("{file} cannot be written ({reason}); the passwords follow").format(file=file, reason=error.strerror))
        return made
    notice(_("{file} holds passwords: hand them over, then delete it").format(file=file))
    return ()


def shape(made: Sequence[Made]) -> dict[str, Any]:
    """Give passwords for JSON; nothing where none were made."""
    listed = [{"id": row.account_id, "login": row.login, "password": secret.reveal()} for row, secret in made]
    return {"passwords": listed} if listed else {}


def show(made: Sequence[Made]) -> None:
    """Print passwords, a line each."""
    room = max((width(clean(row.login)) for row, _secret in made), default=0)
    for row, secret in made:
        print(f"{fit(clean(row.login), room)}  {secret.reveal()}")
    if made:
        notice(_("These passwords are shown once; nothing keeps them"))
