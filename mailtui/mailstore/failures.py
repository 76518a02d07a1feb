"""What a doveadm says went wrong, translated into our failures: the one place where it is done."""

from mailtui.errors import (
    MailStoreBusy,
    MailStoreError,
    MailStoreForbids,
    MailStoreUnreachable,
    NoSuchMailbox,
    NotInMailbox,
    OutcomeUnknown,
)
from mailtui.texts import _, clean

USAGE, BAD_DATA, NO_USER, NOT_FOUND, CANNOT_CREATE, TEMPORARY, NO_PERMISSION = 64, 65, 67, 68, 73, 75, 77
"""Exit statuses of doveadm (sysexits.h)."""
_AGAIN = 2


def of_status(status: int, command: str, said: str = "") -> MailStoreError:
    """Give the failure that the exit status of a command means; `said` is what it wrote about that."""
    kind, message, hint = _meaning(status)
    told = ": ".join(filter(None, (message, clean(said))))
    return kind(f"{told} ({command}, {status})", hint=hint, status=status)


def _meaning(status: int) -> tuple[type[MailStoreError], str, str]:
    later = _("Try again later; its log tells more (doveadm log errors).")
    if status == NO_USER:
        return NoSuchMailbox, _("The mail store knows no such account"), _("Check `user_name` in [mailstore].")
    if status == NOT_FOUND:
        return NotInMailbox, _("The mail store has no such thing"), _("Look what is there now.")
    if status == TEMPORARY:
        return MailStoreBusy, _("The mail store cannot do this now"), later
    if status in {NO_PERMISSION, CANNOT_CREATE}:
        return MailStoreForbids, _("The mail store is not permitted to do this"), _("Check who owns the mailbox.")
    if status == BAD_DATA:
        hint = _("Its log tells more (doveadm log errors).")
        return MailStoreError, _("It is there already, not empty, or not valid"), hint
    if status == _AGAIN:
        hint = _("Do it again; a folder with % in its name stops it each time.")
        return MailStoreError, _("The mail store did not come to an end"), hint
    return MailStoreError, _("The mail store refused"), later


def forbidden(command: str) -> MailStoreForbids:
    """Give the failure of a command that our key is not allowed."""
    return MailStoreForbids(
        _("The mail store does not allow {command}").format(command=command),
        hint=_("Add it to doveadm_allowed_commands on the server."),
    )


def not_understood(command: str, why: str) -> MailStoreError:
    """Give the failure of a command that this server does not know as we do."""
    return MailStoreError(
        _("The mail store does not understand {command}: {reason}").format(command=command, reason=clean(why)),
        hint=_("It may be of another version than mailtui knows (Dovecot 2.3)."),
    )


def lost(where: str, reason: str, *, was_sent_to_change: bool) -> MailStoreError:
    """Give the failure of a line that could not be had or went away."""
    if was_sent_to_change:
        return OutcomeUnknown(
            _("No answer from the mail store {where}: {reason}").format(where=where, reason=clean(reason)),
            hint=_("What was asked may have been done, or be under way: look before you do it again."),
        )
    return MailStoreUnreachable(
        _("Cannot reach the mail store {where}: {reason}").format(where=where, reason=clean(reason)),
        hint=_("Check that it runs and that this machine may connect to it."),
    )
