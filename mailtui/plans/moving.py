"""Move and rename: where an entry is in the org tree, and the log-in it is named by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mailtui.domain import dn as names
from mailtui.domain.account import Account
from mailtui.domain.address import address_key, local_part
from mailtui.domain.change import Change
from mailtui.domain.entries import Act
from mailtui.domain.plan import Caution, Facts, Plan, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.domain.rules import decode_text, value_key
from mailtui.errors import Refused, UsageError
from mailtui.plans.addresses import free_address, refuse_given_up, refuse_naming, spelled
from mailtui.plans.references import Move, reference_rows
from mailtui.plans.rows import plan_of, skipped, wanting
from mailtui.plans.tasks import AnswerKind, Answers, Question, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

# The local part of the address is often made of it; an address is a log-in at some sites.
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._@-]{0,62}[A-Za-z0-9])?")


def plan_move(targets: Sequence[Target], _answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to move accounts to a unit."""
    unit = facts.units["to"]
    rows: list[PlanRow] = []
    moves: list[Move] = []
    for target in targets:
        account = target.account
        if names.key(names.parent(account.dn)) == names.key(unit.dn):
            rows.append(skipped(target, _("it is there already")))
            continue
        new_dn = names.moved(account.dn, names.parent(account.dn), unit.dn)
        rows.append(PlanRow(account.id, account.login, account.name, account.dn, act=Act.RENAME, new_dn=new_dn))
        moves.append(Move(len(rows), account, new_dn))
    references, _stuck = reference_rows(moves, facts, schema)
    count = len(moves)
    title = ngettext("Move {count} account to {unit}", "Move {count} accounts to {unit}", count)
    title = title.format(count=count, unit=unit.name)
    return plan_of("move", title, targets, [*rows, *references], facts, policy)


def plan_rename(targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to give an account another log-in, and its address with it where that was made of the log-in.

    Raises:
        UsageError: It is no log-in, or no address.
        Refused: The log-in, or the address, is somebody else's, or the entry is named by what would change.
    """
    (target,) = targets
    account, login = target.account, _written_login(str(answers["login"]))
    _refuse_taken(target, login, facts)
    address = _address(target, login, str(answers["address"] or ""), facts, schema)
    new_dn, naming = _renamed(target, login, schema)
    rows = []
    if new_dn != account.dn:
        before = tuple(target.values_of(change.attribute) for change in naming)
        row = PlanRow(
            account.id, account.login, account.name, account.dn, naming, before, act=Act.RENAME, new_dn=new_dn
        )  # fmt: skip
        rows.append(row)
    values = _values_row(target, "" if naming else login, address, schema)
    rows += [] if values.is_idle else [replace(values, dn=new_dn, rests_on=len(rows))]
    references, _stuck = reference_rows([Move(1, account, new_dn)] if naming else [], facts, schema)
    title = _("Rename {login} to {new}").format(login=account.login, new=login)
    nothing = [] if rows else [skipped(target, _("it is called so already"))]
    cautions = [] if schema.account.aliases or not address or not account.mail else [_lost(account)]
    return plan_of("rename", title, targets, [*rows, *references, *nothing], facts, policy, cautions)


def _lost(account: Account) -> Caution:
    text = _("Mail to {address} is refused from then on: the directory has no aliases").format(address=account.mail)
    return Caution("address-lost", text, _("the directory's schema"), account.id)


def _written_login(text: str) -> str:
    """Give a log-in as it is to be written.

    Raises:
        UsageError: It is none that could be given to anybody.
    """
    login = text.strip()
    if not _LOGIN.fullmatch(login):
        raise UsageError(
            _("“{login}” is no log-in").format(login=login),
            hint=_("Letters and digits, and between them dots, dashes and underscores."),
        )
    return login


def _address(target: Target, login: str, asked: str, facts: Facts, schema: Schema) -> str:
    """Give the address that is asked for, or goes with the new log-in where the old one went with the old."""
    account, mail = target.account, target.account.mail or ""
    domain = address_key(mail).rpartition("@")[2]
    is_following = local_part(mail).casefold() == account.login.casefold() and domain in facts.domains
    # Without aliases the old address would be lost, and mail to it: that must be asked for.
    text = asked or (f"{login}@{domain}" if is_following and schema.account.aliases else "")
    if not text or address_key(text) == address_key(mail):
        return ""
    return spelled(text, [target]) or free_address(text, [target], facts)


def _refuse_taken(target: Target, login: str, facts: Facts) -> None:
    key = login.casefold()
    for account in (one for accounts in facts.named.values() for one in accounts):
        keys = {account.login.casefold(), (account.employee_number or "").strip().casefold()}
        if account.id != target.account.id and key in keys:
            raise Refused(
                _("{name} has it already").format(name=account.name),
                hint=_("Choose another log-in or address."),
            )
    refuse_given_up(login, {target.account.id}, facts.given_up)


def _renamed(target: Target, login: str, schema: Schema) -> tuple[str, tuple[Change, ...]]:
    """Give the new DN, and what that changes, where the entry is named by its log-in."""
    account, attribute = target.account, schema.account.login
    rdn = names.parse(account.dn)[0]
    if len(rdn) != 1 or rdn[0][0].casefold() != attribute.casefold() or rdn[0][1] == login:
        return account.dn, ()
    rule, named = schema.rule(attribute), _raw(rdn[0][1])
    old = tuple(
        value for value in target.values_of(attribute).values if value_key(rule, value) == value_key(rule, named)
    )
    if value_key(rule, _raw(login)) in {value_key(rule, v) for v in target.values_of(attribute).values if v not in old}:
        # The server takes away what an entry is named by: undo could not bring both back.
        raise Refused(
            _("{name} has the log-in {login} already, beside its first").format(name=account.name, login=login)
        )
    change = Change(attribute, remove=old, add=(_raw(login),))
    return names.join(attribute, login, names.parent(account.dn)), (change,)


def _values_row(target: Target, login: str, address: str, schema: Schema) -> PlanRow:
    """Give the row that changes log-in and address, where these are not empty; the old address becomes an alias."""
    account, fields = target.account, schema.account
    wanted: dict[str, tuple[bytes, ...]] = {}
    if login:
        wanted[fields.login] = _replaced(target, fields.login, account.login, login)
    if address:
        wanted[fields.mail] = _replaced(target, fields.mail, account.mail or "", address)
    if address and fields.aliases:
        wanted[fields.aliases] = _replaced(target, fields.aliases, address, account.mail or "")
    for attribute in wanted:
        refuse_naming(target, attribute)
    wanted = {name: tuple(filter(None, values)) for name, values in wanted.items()}
    return wanting(target, wanted, schema, "", typed=wanted.keys())


def _replaced(target: Target, attribute: str, old: str, new: str) -> tuple[bytes, ...]:
    """Give what an attribute has once a value is replaced, however either is spelled among those it has."""
    gone = {address_key(old), address_key(new)}
    kept = (value for value in target.values_of(attribute).values if address_key(decode_text(value)) not in gone)
    return (_raw(new), *kept)


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


MOVE = Task(
    name="move",
    title=_("Move"),
    summary=_("Move accounts to another department."),
    key="m",
    questions=(Question("to", AnswerKind.UNIT, _("To"), _("The name of the department, its path or its DN.")),),
    planner=plan_move,
    moves_entries=True,
)
RENAME = Task(
    name="rename",
    title=_("Rename"),
    summary=_("Give an account another log-in; its old address stays as an alias."),
    key="",
    questions=(
        Question("login", AnswerKind.LOGIN, _("Log-in"), _("The new log-in.")),
        Question(
            "address",
            AnswerKind.ADDRESS,
            _("Address"),
            _("The new address; without it, the old one follows the log-in."),
            default="",
        ),
    ),
    planner=plan_rename,
    one_account=True,
    moves_entries=True,
)
