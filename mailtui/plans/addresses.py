"""The addresses at which one account receives: an alias more, an alias less, another main one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from mailtui.domain import dn
from mailtui.domain.address import address_key
from mailtui.domain.given_up import GivenUp
from mailtui.domain.new_address import written_address
from mailtui.domain.plan import Caution, Facts, Plan, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.domain.rules import decode_text
from mailtui.errors import Refused
from mailtui.plans.rows import changing, needed, plan_of, skipped, wanting
from mailtui.plans.tasks import AnswerKind, Answers, Question, Task
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

Raw = tuple[bytes, ...]


def plan_add_alias(targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to let an account receive at one more address.

    Raises:
        UsageError: It is no address.
        Refused: The domain is not ours, somebody has the address, or the schema has no aliases.
    """
    aliases = needed(schema.account.aliases, _("aliases"), schema)
    address = free_address(str(answers["address"]), targets, facts)

    def row(target: Target) -> PlanRow:
        if _has(target, address):
            return skipped(target, _("it has this address already"))
        held = target.values_of(aliases).values
        return wanting(target, {aliases: (*held, _raw(address))}, schema, _("it has this address already"))

    return _planned("add-alias", _("Add the alias {address}"), address, targets, row, facts, policy)


def plan_remove_alias(
    targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan to let an account receive at an address no more.

    Raises:
        Refused: It is the main address, or the schema has no aliases.
    """
    needed(schema.account.aliases, _("aliases"), schema)
    address = str(answers["address"]).strip()

    def row(target: Target) -> PlanRow:
        if target.account.mail and _is(target.account.mail, address):
            raise Refused(
                _("{address} is the main address of {name}").format(address=address, name=target.account.name),
                hint=_("Give the account another main address first: make-primary."),
            )
        return wanting(target, _without(target, address, schema), schema, _("it has no such alias"))

    return _planned("remove-alias", _("Remove the alias {address}"), address, targets, row, facts, policy)


def plan_make_primary(
    targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan to give an account another main address, an alias of its own or a new one; the old one becomes an alias.

    Raises:
        UsageError: It is no address.
        Refused: The domain is not ours, somebody has the address, or the schema has no aliases.
    """
    aliases = needed(schema.account.aliases, _("aliases"), schema)
    text = str(answers["address"])
    address = spelled(text, targets) or free_address(text, targets, facts)

    def row(target: Target) -> PlanRow:
        if target.account.mail and _is(target.account.mail, address):
            return skipped(target, _("it is the main address already"))
        mails, held = (target.values_of(name).values for name in (schema.account.mail, aliases))
        others = {address_key(decode_text(value)): value for value in (*held, *mails)}
        others.pop(address_key(address), None)
        refuse_naming(target, schema.account.mail)
        wanted = {schema.account.mail: (_raw(address),), aliases: tuple(others.values())}
        return wanting(target, wanted, schema, _("it is the main address already"))

    return _planned("make-primary", _("Make {address} the main address"), address, targets, row, facts, policy)


def _planned(
    task: str,
    title: str,
    address: str,
    targets: Sequence[Target],
    row: Callable[[Target], PlanRow],
    facts: Facts,
    policy: Policy,
) -> Plan:
    rows = [row(target) for target in targets]
    cautions = _forwarded(changing(targets, rows), address, facts) if task != "make-primary" else ()
    return plan_of(task, title.format(address=address), targets, rows, facts, policy, cautions)


def _forwarded(touched: Sequence[Target], address: str, facts: Facts) -> Sequence[Caution]:
    others = facts.forwarding_to.get("address", ())
    if not touched or not others:
        return ()
    names = ", ".join(other.name for other in others)
    text = _("Mail of {names} is forwarded to {address}").format(names=names, address=address)
    return (Caution("forwarded-from", text, _("forwards in the mirror"), touched[0].account.id),)


def free_address(text: str, targets: Sequence[Target], facts: Facts, own_group: str = "") -> str:
    """Give the address as it is to be written; it may be one of the targets' own, or of the group of an id.

    Raises:
        UsageError: It is no address.
        Refused: Its domain is not ours, or another account or group has it, or had it until lately.
    """
    address = written_address(text)
    domain = address.rpartition("@")[2]
    if domain not in facts.domains:
        raise Refused(
            _("{domain} is not a domain of ours").format(domain=domain),
            hint=_("Known are: {domains}").format(domains=", ".join(sorted(facts.domains)[:10])),
        )
    ids = {target.account.id for target in targets}
    for account in (one for accounts in facts.named.values() for one in accounts):
        if account.id not in ids and any(_is(held, address) for held in account.addresses):
            raise Refused(
                _("{name} ({login}) has the address {address}").format(
                    name=account.name, login=account.login, address=address
                )
            )
    _refuse_of_group(address, own_group, facts)
    refuse_given_up(address, {*ids, own_group}, facts.given_up)
    return address


def _refuse_of_group(address: str, own_group: str, facts: Facts) -> None:
    group = facts.groups_at.get(address_key(address))
    if group and group.id != own_group:
        raise Refused(
            _("The group {name} has the address {address}").format(name=group.name, address=address),
            hint=_("Choose another one, or take it from the group first: remove-group-alias."),
        )


def refuse_given_up(key: str, ids: Collection[str], given_up: Mapping[str, GivenUp]) -> None:
    """Refuse an address or a log-in that somebody had until lately who is none of some entries, by their ids.

    Raises:
        Refused: It is one.
    """
    last = given_up.get(address_key(key))
    if last and last.account_id not in ids:
        who = f"{last.name} ({last.login})" if last.login else last.name
        raise Refused(
            _("{key} was that of {who}: nobody else gets it before {day}").format(
                key=key, who=who, day=last.until.astimezone().date().isoformat()
            ),
            hint=_("Choose another one; policy.address_reuse_days says for how long."),
        )


def spelled(address: str, targets: Sequence[Target]) -> str:
    """Give an address as the account itself has it; empty where it has none such."""
    own = [held for target in targets for held in target.account.addresses]
    return next((held for held in own if _is(held, address)), "")


def refuse_naming(target: Target, attribute: str) -> None:
    """Refuse to change an attribute by which an entry is named in the directory, as servers do.

    Raises:
        Refused: It is.
    """
    naming = {name.casefold() for name, _value in dn.parse(target.account.dn)[0]}
    if attribute.casefold() in naming:
        raise Refused(
            _("{attribute} names the entry of {login}: it cannot be changed here").format(
                attribute=attribute, login=target.account.login
            )
        )


def _without(target: Target, address: str, schema: Schema) -> Mapping[str, Raw]:
    """Give the attributes that hold aliases, without one; the main address has others beside it where mail has."""
    attributes = (schema.account.aliases, schema.account.mail)
    return {
        attribute: tuple(value for value in target.values_of(attribute).values if not _is(decode_text(value), address))
        for attribute in attributes
    }


def _has(target: Target, address: str) -> bool:
    return any(_is(held, address) for held in target.account.addresses)


def _is(held: str, address: str) -> bool:
    return address_key(held) == address_key(address)


def _raw(address: str) -> bytes:
    return address.encode("utf-8", "surrogateescape")


ADD_ALIAS = Task(
    name="add-alias",
    title=_("Add alias"),
    summary=_("Let an account receive mail at one more address."),
    key="",
    questions=(
        Question("address", AnswerKind.ADDRESS, _("Address"), _("An address in a domain of ours that nobody has.")),
    ),
    planner=plan_add_alias,
    needs=lambda schema: schema.account.aliases,
    one_account=True,
)
REMOVE_ALIAS = Task(
    name="remove-alias",
    title=_("Remove alias"),
    summary=_("Take an alias from an account: mail to it is refused from then on."),
    key="",
    questions=(Question("address", AnswerKind.ADDRESS, _("Address"), _("An alias of the account.")),),
    planner=plan_remove_alias,
    needs=lambda schema: schema.account.aliases,
    one_account=True,
)
MAKE_PRIMARY = Task(
    name="make-primary",
    title=_("Main address"),
    summary=_("Give an account another main address; the old one stays as an alias, the log-in as it is."),
    key="",
    questions=(
        Question("address", AnswerKind.ADDRESS, _("Address"), _("An alias of the account, or an address nobody has.")),
    ),
    planner=plan_make_primary,
    needs=lambda schema: schema.account.aliases,
    one_account=True,
)
