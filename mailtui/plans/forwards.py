"""Forward and stop forwarding: to whom an account's mail goes on.

A copy is kept by an account that is among its own forwards, as iRedMail and qmail-ldap have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mailtui.domain.account import Account, Delivery
from mailtui.domain.address import address_key
from mailtui.domain.new_address import written_address
from mailtui.domain.plan import Caution, Facts, Plan, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.errors import Refused
from mailtui.plans.rows import changing, count_of, needed, plan_of, skipped, wanting
from mailtui.plans.switching import RECEIVING
from mailtui.plans.tasks import AnswerKind, Answers, Question, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


def plan_forward(targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to forward the mail of accounts to one address, and to no other any more.

    Raises:
        UsageError: It is no address.
        Refused: The address is ours but of no active account, outside where policy forbids it, or mail would go round;
            or the schema has no forwards.
    """
    attribute = needed(schema.account.forwards, _("forwards"), schema)
    keep = bool(answers.get("keep_copy"))
    heir = _heir(str(answers["to"]), facts)
    address = heir.mail if heir and heir.mail else written_address(str(answers["to"]))
    if heir is None:
        _refuse_outside(address, facts, policy)
    elif not keep:
        _refuse_round(targets, heir, facts)
    rows = [_row(target, address, heir, attribute, schema, keep=keep) for target in targets]
    cautions = [] if heir else _outside(changing(targets, rows), address, policy)
    count = count_of(rows)
    title = ngettext(
        "Forward the mail of {count} account to {address}", "Forward the mail of {count} accounts to {address}", count
    )
    return plan_of("forward", title.format(count=count, address=address), targets, rows, facts, policy, cautions)


def _heir(text: str, facts: Facts) -> Account | None:
    """Give the account that an address is of; None where it is outside.

    Raises:
        Refused: It should be one of ours and is none, is that of several, or of one that does not work.
    """
    key = address_key(text)
    found = [
        account
        for account in facts.named.get("to", ())
        if key in {address_key(address) for address in account.addresses}
    ]
    if len(found) > 1:
        names = ", ".join(account.name for account in found)
        raise Refused(_("{address} is the address of several: {names}").format(address=text, names=names))
    if found and found[0].standing not in RECEIVING:
        raise Refused(
            _("{name} ({address}) is not active").format(name=found[0].name, address=text),
            hint=_("Choose an active account to forward to."),
        )
    if not found and key not in facts.groups_at and key.rpartition("@")[2] in facts.domains:
        raise Refused(
            _("{address} is no address of this directory").format(address=text),
            hint=_("Its domain is ours: mail to it would be lost."),
        )
    return found[0] if found else None


def _refuse_outside(address: str, facts: Facts, policy: Policy) -> None:
    if policy.external_forward == "deny":
        raise Refused(
            _("Policy lets no mail be forwarded outside, as to {address}").format(address=address),
            hint=_("Ours are: {domains}").format(domains=", ".join(sorted(facts.domains)[:10])),
        )


def _outside(touched: Sequence[Target], address: str, policy: Policy) -> list[Caution]:
    if policy.external_forward == "allow":
        return []
    basis = _("policy.domains, or the addresses in the mirror")
    text = _("{name} will forward mail outside, to {address}")
    return [
        Caution("external-forwards", text.format(name=target.account.name, address=address), basis, target.account.id)
        for target in touched
    ]


def _refuse_round(targets: Sequence[Target], heir: Account, facts: Facts) -> None:
    reached = {reference.id for reference in facts.passed_on_to.get("to", ())}
    round_trips = [
        target.account.name for target in targets if target.account.id in reached and target.account.id != heir.id
    ]
    if round_trips:
        raise Refused(
            _("Mail would go round: {heir} forwards on to {names}").format(
                heir=heir.name, names=", ".join(round_trips)
            ),
            hint=_("Keep a copy, or end the other forward first."),
        )


def _row(target: Target, address: str, heir: Account | None, attribute: str, schema: Schema, *, keep: bool) -> PlanRow:
    account = target.account
    if heir and heir.id == account.id:
        return skipped(target, _("its mail cannot be forwarded to itself"))
    if keep and not account.mail:
        return skipped(target, _("it has no address at which it could keep a copy"))
    forwards = (str(account.mail), address) if keep else (address,)
    nothing = _("its mail is forwarded so already")
    return wanting(target, {attribute: tuple(map(_raw, forwards))}, schema, nothing)


def _raw(address: str) -> bytes:
    return address.encode("utf-8", "surrogateescape")


def plan_stop_forward(
    targets: Sequence[Target], _answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan to let the mail of accounts stay with them.

    Raises:
        Refused: The schema has no forwards.
    """
    attribute = needed(schema.account.forwards, _("forwards"), schema)
    rows = [wanting(target, {attribute: ()}, schema, _("its mail is not forwarded")) for target in targets]
    cautions = [caution for target in changing(targets, rows) for caution in _redirected(target)]
    count = count_of(rows)
    title = ngettext("Stop forwarding of {count} account", "Stop forwarding of {count} accounts", count)
    return plan_of("stop-forward", title.format(count=count), targets, rows, facts, policy, cautions)


def _redirected(target: Target) -> list[Caution]:
    if target.account.delivery is not Delivery.REDIRECT:
        return []
    text = _("{name} is disabled: mail that is no longer redirected is read by nobody")
    return [
        Caution("redirect-ends", text.format(name=target.account.name), _("the account's own entry"), target.account.id)
    ]


FORWARD = Task(
    name="forward",
    title=_("Forward"),
    summary=_("Forward the mail of accounts to one address, in place of any other."),
    key="f",
    questions=(
        Question(
            "to",
            AnswerKind.ADDRESS,
            _("To"),
            _("The address of an active account, or one outside if policy lets it."),
            is_recipient=True,
        ),
        Question(
            "keep_copy",
            AnswerKind.FLAG,
            _("Keep a copy"),
            _("Leave a copy in the mailbox: the account's own address is put among its forwards."),
            default=False,
        ),
    ),
    planner=plan_forward,
    needs=lambda schema: schema.account.forwards,
)
STOP_FORWARD = Task(
    name="stop-forward",
    title=_("Stop forwarding"),
    summary=_("Let the mail of accounts stay with them."),
    key="",
    questions=(),
    planner=plan_stop_forward,
    needs=lambda schema: schema.account.forwards,
)
