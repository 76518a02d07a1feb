"""What keeps accounts from being deleted: holds, and the days for which rules keep them once they are disabled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from mailtui.domain.account import Account, Standing
from mailtui.domain.allocation import What, allocation, value_text
from mailtui.domain.plan import Caution, Facts
from mailtui.domain.policy import Policy
from mailtui.domain.protection import Protection
from mailtui.errors import Refused
from mailtui.plans.friction import why_held
from mailtui.plans.tasks import AnswerKind, Question
from mailtui.texts import _

EARLY = Question(
    "force",
    AnswerKind.FLAG,
    _("Force"),
    _("Also those whom their profile still keeps; never those on hold."),
    default=False,
)
_NAMED = 5
# Of these nothing could have been kept yet.
_NEVER_USED = Standing.PENDING


def held(accounts: Sequence[Account], holds: Protection, policy: Policy) -> Iterator[Caution]:
    """Tell which accounts cannot be deleted, and by which rule of `policy.holds`."""
    for account in accounts:
        why = why_held(account, holds, policy)
        if why:
            text = _("{name} is on hold and cannot be deleted: {why}").format(name=account.name, why=why)
            yield Caution("on-hold", text, _("policy.holds of the config, and the mirror"), account.id)


def check_kept(accounts: Sequence[Account], facts: Facts, policy: Policy, *, is_forced: bool) -> list[Caution]:
    """Warn of accounts that are to be kept, or that may be.

    Raises:
        Refused: One is on hold, or a rule of `policy.holds` cannot be told; or one is to be kept and it is not forced.
    """
    refuse_held(accounts, facts.holds, policy)
    found = [caution for account in accounts for caution in _kept(account, facts, policy)]
    kept = [caution.text for caution in found if caution.kind == "kept"]
    if kept and not is_forced:
        raise Refused("; ".join(_first(kept)), hint=_("Leave them out, wait, or add --force."))
    return found


def refuse_held(accounts: Sequence[Account], holds: Protection, policy: Policy) -> None:
    """Refuse to delete accounts that are on hold.

    Raises:
        Refused: One is, or any may be: a rule of `policy.holds` cannot be told.
    """
    texts = [caution.text for caution in held(accounts, holds, policy)]
    if texts:
        raise Refused("; ".join(_first(texts)), hint=_("Leave them out: nothing but the config ends a hold."))
    if accounts and holds.unknown:
        raise Refused(
            _("Anybody may be on hold: the mirror does not hold what policy.holds names ({rules})").format(
                rules=", ".join(holds.unknown)
            ),
            hint=_("Mend policy.holds in the config."),
        )


def _first(texts: Sequence[str]) -> list[str]:
    more = len(texts) - _NAMED
    return [*texts[:_NAMED], *([_("… {number} more").format(number=more)] if more > 0 else [])]


def _kept(account: Account, facts: Facts, policy: Policy) -> Iterator[Caution]:
    rule = allocation(account, policy).retention_days
    if rule is None or account.standing is _NEVER_USED:
        return
    since, said = _disabled_since(account, facts), value_text(What.RETENTION, rule.value)
    basis = _("the profiles of the config, and the journal")
    if since is None and account.standing is Standing.DISABLED:
        text = _("{name} is to be kept for {days} once disabled ({rule}); since when it is, the journal does not know")
        yield Caution("kept-unknown", text.format(name=account.name, days=said, rule=rule.rule), basis, account.id)
    elif since is None:
        text = _("{name} is not disabled yet, and to be kept for {days} once it is ({rule})")
        yield Caution("kept", text.format(name=account.name, days=said, rule=rule.rule), basis, account.id)
    elif facts.now and facts.now < (until := since + timedelta(days=rule.value)):
        text = _("{name} is to be kept until {day}: {days} from when it was disabled ({rule})")
        day = until.astimezone().date().isoformat()
        yield Caution("kept", text.format(name=account.name, day=day, days=said, rule=rule.rule), basis, account.id)


def _disabled_since(account: Account, facts: Facts) -> datetime | None:
    """Tell since when an account has not worked; None where it works, or that is not known."""
    if account.standing is Standing.EXPIRED:
        return account.expires
    done = facts.restorable.get(account.id)
    return done.since if done and account.standing is Standing.DISABLED else None
