"""Move and rename: where an entry is in the org tree, and the log-in it is named by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mailtui.domain import dn as names
from mailtui.domain.address import address_key, local_part
from mailtui.domain.change import Change
from mailtui.domain.entries import Act
from mailtui.domain.plan import Facts, Plan, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.domain.rules import value_key
from mailtui.errors import Refused
from mailtui.plans.references import Move, reference_rows
from mailtui.plans.rows import plan_of, skipped
from mailtui.plans.tasks import AnswerKind, Answers, Question, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


def plan_move(targets: Sequence[Target], _answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to move accounts to the unit `facts.unit`.

    Raises:
        Refused: There is no such unit, or a name is taken there.
    """
    if facts.unit is None:
        raise Refused(_("There is no such org unit"), hint=_("Name it as the directory does, or give its DN."))
    rows: list[PlanRow] = []
    moves: list[Move] = []
    for target in targets:
        account = target.account
        if names.key(names.parent(account.dn)) == names.key(facts.unit.dn):
            rows.append(skipped(target, _("it is there already")))
            continue
        new_dn = f"{names.rdn(account.dn)},{facts.unit.dn}"
        rows.append(PlanRow(account.id, account.login, account.name, account.dn, act=Act.RENAME, new_dn=new_dn))
        moves.append(Move(len(rows), account, new_dn))
    references, _stuck = reference_rows(moves, facts, schema)
    count = len(moves)
    title = ngettext("Move {count} account to {unit}", "Move {count} accounts to {unit}", count)
    title = title.format(count=count, unit=facts.unit.name)
    return plan_of("move", title, targets, [*rows, *references], facts, policy)


def plan_rename(targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to give an account another log-in, and its address with it where that was made of the log-in.

    Raises:
        Refused: The log-in, or the address, is somebody else's.
    """
    (target,) = targets
    account, login = target.account, str(answers["login"])
    address = str(answers["address"] or "") or _following(account.mail, account.login, login)
    _refuse_taken(target, facts)
    new_dn, naming = _renamed(target, login, schema)
    rows = []
    if new_dn != account.dn:
        before = tuple(target.values_of(change.attribute) for change in naming)
        row = PlanRow(
            account.id, account.login, account.name, account.dn, naming, before, act=Act.RENAME, new_dn=new_dn
        )  # fmt: skip
        rows.append(row)
    values = _values_row(target, login, address, new_dn, schema, is_named_by_login=bool(naming))
    rows += [replace(values, rests_on=len(rows))] if values else []
    references, _stuck = reference_rows([Move(1, account, new_dn)] if naming else [], facts, schema)
    title = _("Rename {login} to {new}").format(login=account.login, new=login)
    nothing = [] if rows else [skipped(target, _("it is called so already"))]
    return plan_of("rename", title, targets, [*rows, *references, *nothing], facts, policy)


def _following(mail: str | None, old: str, new: str) -> str:
    """Give the address that goes with a new log-in, where the old one went with the old."""
    if not mail or local_part(mail).casefold() != old.casefold():
        return ""
    return f"{new}@{mail.rpartition('@')[2]}"


def _refuse_taken(target: Target, facts: Facts) -> None:
    for accounts in facts.named.values():
        for account in accounts:
            if account.id != target.account.id:
                raise Refused(
                    _("{name} has it already").format(name=account.name),
                    hint=_("Choose another log-in or address."),
                )


def _renamed(target: Target, login: str, schema: Schema) -> tuple[str, tuple[Change, ...]]:
    """Give the new DN, and what that changes, where the entry is named by its log-in."""
    account, attribute = target.account, schema.account.login
    rdn = names.parse(account.dn)[0]
    if len(rdn) != 1 or rdn[0][0].casefold() != attribute.casefold() or rdn[0][1] == login:
        return account.dn, ()
    rule = schema.rule(attribute)
    old = tuple(
        value
        for value in target.values_of(attribute).values
        if value_key(rule, value) == value_key(rule, rdn[0][1].encode())
    )
    change = Change(attribute, remove=old, add=(login.encode(),))
    return names.join(attribute, login, names.parent(account.dn)), (change,)


def _values_row(
    target: Target, login: str, address: str, new_dn: str, schema: Schema, *, is_named_by_login: bool
) -> PlanRow | None:
    account, fields = target.account, schema.account
    changes = [] if is_named_by_login else [_replaced(target, fields.login, account.login, login)]
    if address and account.mail and address_key(address) != address_key(account.mail):
        changes.append(_replaced(target, fields.mail, account.mail, address))
        if fields.aliases:
            given = tuple(v for v in target.values_of(fields.aliases).values if v.decode() == address)
            changes.append(Change(fields.aliases, remove=given, add=(account.mail.encode(),)))
    wanted = [change for change in changes if change.remove != change.add]
    if not wanted:
        return None
    before = tuple(target.values_of(change.attribute) for change in wanted)
    return PlanRow(account.id, account.login, account.name, new_dn, tuple(wanted), before)


def _replaced(target: Target, attribute: str, old: str, new: str) -> Change:
    held = tuple(v for v in target.values_of(attribute).values if v.decode("utf-8", "surrogateescape") == old)
    return Change(attribute, remove=held, add=(new.encode(),))


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
