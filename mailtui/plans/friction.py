"""How much a person must do to confirm a plan, and what the site's policy forbids."""

from collections.abc import Sequence

from mailtui.domain.account import Account
from mailtui.domain.plan import Friction, Plan
from mailtui.domain.policy import Policy
from mailtui.domain.protection import Protection
from mailtui.errors import Refused
from mailtui.texts import _


def friction_of(accounts: Sequence[Account], size: int, protection: Protection, policy: Policy) -> Friction:
    """Tell how much asking a change of these accounts, or of so many, needs.

    A rule that cannot be told from the mirror might protect any of them: then all count as protected.
    """
    if size > policy.batch_limit or (accounts and protection.unknown):
        return Friction.GUARDED
    if any(why_protected(account, protection, policy) for account in accounts):
        return Friction.GUARDED
    return Friction.COUNT if size > 1 else Friction.LIGHT


def why_protected(account: Account, protection: Protection, policy: Policy) -> str:
    """Tell what protects an account: its profile, a group, or search words; empty for nothing."""
    profile = policy.protecting_profile(account)
    if profile is not None:
        return _("profile {name}").format(name=profile.name)
    return protection.why.get(account.id, "")


def why_held(account: Account, holds: Protection, policy: Policy) -> str:
    """Tell which rule of `policy.holds` an account is held by; empty for none."""
    profile = policy.holding_profile(account)
    return _("profile {name}").format(name=profile.name) if profile else holds.why.get(account.id, "")


def check_writing(policy: Policy) -> None:
    """Refuse whatever changes something where nothing may be changed.

    Raises:
        Refused: Writing is off.
    """
    if policy.read_only:
        raise Refused(
            _("Nothing may be changed: mailtui is read-only here"),
            hint=_("Policy, --read-only or the key W says so."),
        )


def check_policy(plan: Plan, policy: Policy) -> None:
    """Refuse a plan that policy does not let through; one that changes nothing needs no ticket.

    Raises:
        Refused: Writing is off, or the ticket is missing or not of the site's form.
    """
    check_writing(policy)
    if not plan.changing:
        return
    form = policy.ticket_form
    if plan.ticket:
        if not policy.accepts_ticket(plan.ticket):
            raise Refused(_("“{ticket}” is not a ticket of this site").format(ticket=plan.ticket), hint=form)
    elif policy.ticket_required:
        raise Refused(_("A ticket is required"), hint=form)
    elif plan.friction is Friction.GUARDED:
        raise Refused(
            _("A ticket is required: for protected accounts, for deletions, and for more than {limit} at once").format(
                limit=policy.batch_limit
            ),
            hint=form,
        )
