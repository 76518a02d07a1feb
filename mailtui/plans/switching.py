"""Switching accounts off: the log-in goes, and it is decided what becomes of the mail; with the questions for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailtui.domain.account import Account, Delivery, Standing
from mailtui.domain.allocation import allocation
from mailtui.domain.plan import Caution, Facts, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.domain.rules import decode_text
from mailtui.errors import Refused
from mailtui.plans.rows import Wanted, needed, skipped, wanting
from mailtui.plans.tasks import AnswerKind, Answers, Choice, Question
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema, StatusValue

RECEIVING = (Standing.ACTIVE, Standing.LOCKED)
"""The standings of those whose mail is read."""

BY_PROFILE = ""
"""No answer: each account's profile says what becomes of mail, and it is still received where none does."""


def _said_by_profiles(policy: Policy) -> str:
    others = {Delivery.REDIRECT, Delivery.BOUNCE}
    says_another = any(profile.delivery in others for profile in policy.profiles)
    return _("as their profile says, else still received") if says_another else ""


DELIVERY = Question(
    "delivery",
    AnswerKind.CHOICE,
    _("Mail"),
    _("What becomes of mail that still comes in: received, unless a profile says otherwise."),
    choices=(
        Choice(Delivery.RECEIVE.value, _("is still received")),
        Choice(Delivery.REDIRECT.value, _("is redirected to a colleague")),
        Choice(Delivery.BOUNCE.value, _("bounces")),
    ),
    default=BY_PROFILE,
    by_rules=_said_by_profiles,
)
REDIRECT_TO = Question(
    "redirect_to",
    AnswerKind.ADDRESS,
    _("Redirect to"),
    _("The address of an active account of this directory."),
    only_when=("delivery", (Delivery.REDIRECT.value,)),
    is_recipient=True,
)
KEEP_FORWARDS = Question(
    "keep_forwards",
    AnswerKind.FLAG,
    _("Keep forwards"),
    _("Leave the account's own forwards in place; otherwise they are removed, and come back with enable."),
    default=False,
    only_when=("delivery", (BY_PROFILE, Delivery.RECEIVE.value, Delivery.BOUNCE.value)),
)


@dataclass(frozen=True, slots=True)
class SwitchOff:
    """How accounts are switched off; of a redirect, `heir` is the account that the mail goes to.

    `delivery` is None where each account's own rules say it.
    """

    delivery: Delivery | None
    heir: Account | None
    keeps_forwards: bool
    schema: Schema
    policy: Policy

    @classmethod
    def asked(cls, answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> SwitchOff:
        """Give what the answers to the questions above ask for.

        Raises:
            Refused: The schema lacks an attribute, or the redirect goes to no active account of the directory.
        """
        delivery = None if answers["delivery"] == BY_PROFILE else Delivery(str(answers["delivery"]))
        needed(schema.account.status, _("an account's status"), schema)
        heir = _heir(answers, facts, schema) if delivery is Delivery.REDIRECT else None
        return cls(delivery, heir, bool(answers.get("keep_forwards")), schema, policy)

    def row(self, target: Target, besides: Wanted | None = None) -> PlanRow:
        """Give the row that switches one off, and makes other attributes of it have the values in `besides`.

        Raises:
            Refused: Its profile says that its mail is redirected, and nobody said to whom.
        """
        now = status_of(target, self.schema)
        if now.final:
            reason = _("the account is “{status}”, for good: it can only be enabled").format(status=now.value)
            return skipped(target, reason)
        if self.heir and self.heir.id == target.account.id:
            return skipped(target, _("its mail cannot be redirected to itself"))
        attributes = self.schema.account
        wanted = {attributes.status: status_values(self.schema, Standing.DISABLED, self._delivery_of(target.account))}
        if self.heir:
            wanted[attributes.forwards] = (str(self.heir.mail).encode(),)
        elif attributes.forwards and not self.keeps_forwards:
            wanted[attributes.forwards] = ()
        return wanting(target, {**wanted, **(besides or {})}, self.schema, _("disabled so already"))

    def _delivery_of(self, account: Account) -> Delivery:
        if self.delivery:
            return self.delivery
        said = allocation(account, self.policy).delivery
        if said and said.value is Delivery.REDIRECT:
            raise Refused(
                _("Mail of {name} is to be redirected, as {rule} says, but to whom?").format(
                    name=account.name, rule=said.rule
                ),
                hint=_("Choose redirect and name a colleague; or do those whose mail is not redirected by themselves."),
            )
        return said.value if said else Delivery.RECEIVE

    def _said_by_rules(self, touched: Sequence[Target]) -> Iterator[Caution]:
        """Tell of mail that bounces though nobody asked for it."""
        rules = [allocation(target.account, self.policy).delivery for target in touched if self.delivery is None]
        bouncing = [said.rule for said in rules if said and said.value is Delivery.BOUNCE]
        for rule in dict.fromkeys(bouncing):
            count = bouncing.count(rule)
            text = ngettext(
                "Mail of {count} account bounces, as {rule} says",
                "Mail of {count} accounts bounces, as {rule} says",
                count,
            )
            yield Caution("bounces", text.format(count=count, rule=rule), _("the profiles of the config"))

    def cautions(self, touched: Sequence[Target], targets: Sequence[Target]) -> Iterator[Caution]:
        """Warn of those who are disabled already, and of mail that goes to one of those who are to be."""
        for target in touched:
            if status_of(target, self.schema).standing is Standing.DISABLED:
                text = _("{name} is disabled already; only what becomes of the mail changes")
                said = text.format(name=target.account.name)
                yield Caution("disabled-already", said, _("the account's own entry"), target.account.id)
        yield from self._said_by_rules(touched)
        if self.heir and self.heir.id in {target.account.id for target in targets}:
            text = _("{name}, to whom mail is redirected, is one of those to be disabled")
            yield Caution("redirect-target", text.format(name=self.heir.name), _("the accounts chosen"), self.heir.id)


def _heir(answers: Answers, facts: Facts, schema: Schema) -> Account:
    needed(schema.account.forwards, _("forwards"), schema)
    account, address = facts.redirect_target, answers["redirect_to"]
    if account is None or not account.mail:
        raise Refused(
            _("{address} is no address of this directory").format(address=address),
            hint=_("Mail can be redirected to an active account of the directory only."),
        )
    if account.standing not in RECEIVING:
        raise Refused(
            _("{name} ({address}) is not active").format(name=account.name, address=address),
            hint=_("Choose an active account to redirect to."),
        )
    return account


def status_values(schema: Schema, standing: Standing, delivery: Delivery | None = None) -> tuple[bytes, ...]:
    """Give the values of the status attribute; none where the standing is that it is absent.

    Raises:
        Refused: The schema has none for it.
    """
    try:
        value = schema.status_value(standing, delivery)
        return (value.encode(),) if value else ()
    except StopIteration:
        raise Refused(_("The schema “{schema}” has no status for this").format(schema=schema.name)) from None


def status_of(target: Target, schema: Schema) -> StatusValue:
    """Tell what the status attribute of an entry means, locks left aside."""
    values = target.values_of(schema.account.status).values
    return schema.status(decode_text(values[0]) if values else None)
