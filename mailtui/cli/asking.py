"""Questions to the person at the terminal; there is none where input or notices go elsewhere."""

import getpass
import sys

from mailtui.domain.plan import Friction, Plan
from mailtui.domain.secret import Secret
from mailtui.errors import Refused
from mailtui.texts import _, clean, ngettext


def has_person() -> bool:
    """Tell whether somebody can be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None and sys.stderr.isatty()


def ask_password(bind_dn: str) -> Secret:
    """Ask for a password without showing it."""
    return Secret(getpass.getpass(_("Password of {dn}: ").format(dn=clean(bind_dn)), stream=sys.stderr))


def ask_new_password(login: str) -> tuple[Secret, Secret]:
    """Have somebody's new password typed twice, without showing it."""
    questions = (_("New password of {login}: ").format(login=clean(login)), _("Once more: "))
    first, again = (Secret(getpass.getpass(question, stream=sys.stderr)) for question in questions)
    return first, again


def confirm(plan: Plan) -> None:
    """Ask for what the plan's friction wants: `y`, or the number of accounts that change.

    Raises:
        Refused: There is nobody to ask, or the answer was another.
    """
    if not has_person():
        raise Refused(
            _("Nobody is here to confirm it; nothing was changed"), hint=_("Add --yes, or --dry-run to look only.")
        )
    count = plan.size
    if plan.friction is Friction.LIGHT:
        wanted, question = "y", _("Do it? Type y: ")
    else:
        wanted = str(count)
        question = ngettext("{n} account. Type the number: ", "{n} accounts. Type the number: ", count).format(n=count)
    print(question, end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() != wanted:
        raise Refused(_("Not confirmed; nothing was changed"))
