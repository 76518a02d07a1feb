"""How much a person must do to confirm a plan, and what the site's policy forbids."""

from collections.abc import Sequence

from mailtui.domain.account import Account
from mailtui.domain.plan import Friction, Plan
from mailtui.domain.policy import Policy
from mailtui.errors import Refused
from mailtui.texts import _


def friction_of(accounts: Sequence[Account], policy: Policy) -> Friction:
    """Tell how much asking a change of these accounts needs."""
    if len(accounts) > policy.batch_limit or any(is_protected(account, policy) for account in accounts):
        return Friction.GUARDED
    return Friction.COUNT if len(accounts) > 1 else Friction.LIGHT


def is_protected(account: Account, policy: Policy) -> bool:
    """Tell whether a profile protects an account."""
    profile = policy.profile_of(account)
    return profile is not None and profile.protected


def check_writing(policy: Policy) -> None:
    """Refuse whatever changes something where nothing may be changed.

    Raises:
        Refused: Writing is off.
    """
    if policy.read_only:
        raise Refused(_("Nothing may be changed: mailtui is read-only here"), hint=_("Policy or --read-only says so."))


def check_policy(plan: Plan, policy: Policy) -> None:
    """Refuse a plan that policy does not let through; one that changes nothing needs no ticket.

    Raises:
        Refused: Writing is off, or the ticket is missing or not of the site's form.
    """
    check_writing(policy)
    if not plan.changing:
        return
    form = _("The site's tickets look like {pattern}").format(pattern=policy.ticket_pattern)
    if plan.ticket:
        if not policy.accepts_ticket(plan.ticket):
            raise Refused(_("“{ticket}” is not a ticket of this site").format(ticket=plan.ticket), hint=form)
    elif policy.ticket_required:
        raise Refused(_("A ticket is required"), hint=form)
    elif plan.friction is Friction.GUARDED:
        raise Refused(
            _("A ticket is required: the plan changes protected accounts, or more than {limit}").format(
                limit=policy.batch_limit
            ),
            hint=form,
        )
