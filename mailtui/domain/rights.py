"""What an operator may do, by the rules of `[[operators]]`: they guard against slips, the directory's own rules bind.

The rules are read from the top: the first that is for the operator and for the place of an account decides.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mailtui.domain import dn
from mailtui.domain.account import Account, Reference
from mailtui.domain.policy import Department
from mailtui.errors import Refused
from mailtui.texts import _, ngettext

EVERYBODY = "*"
"""The `who` of a rule that is for every operator."""
_NAMED = 3


class Role(StrEnum):
    """What an operator is there for."""

    READ_ONLY = "read-only"
    HELPDESK = "helpdesk"
    ADMINISTRATOR = "administrator"


HELPDESK_TASKS = (
    "disable", "enable", "leaver", "set-quota", "apply-profile", "change-profile", "edit", "add-alias", "remove-alias",
    "make-primary", "forward", "stop-forward", "expire", "unexpire", "unlock", "reset-password", "join", "leave",
    "grant-seat", "revoke-seat", "add-group-alias", "remove-group-alias", "set-posting",
)  # fmt: skip
"""The tasks of the help desk."""
ADMINISTRATOR_TASKS = (
    "add-owner", "remove-owner", "create-group", "delete-group", "create", "move", "rename", "delete", "create-unit",
    "rename-unit", "move-unit", "delete-unit",
)  # fmt: skip
"""What is an administrator's beside the help desk's."""
KNOWN_TASKS = HELPDESK_TASKS + ADMINISTRATOR_TASKS
"""All that rules may name; an administrator may do whatever else there is, too."""

Units = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperatorRule:
    """One of `[[operators]]`, the `number`th in the file: whom it is for, where, and what it lets them do.

    `who` is a bind DN, the name of an OS user where there is none, or `EVERYBODY`; `group` the name or DN of a group
    whose members it is for instead. `units` are as `Department.unit`; none means everywhere. `tasks`, where they are
    given, stand in place of the role's.
    """

    number: int
    who: str = ""
    group: str = ""
    role: Role | None = None
    units: tuple[str, ...] = ()
    tasks: tuple[str, ...] | None = None

    @property
    def said(self) -> str:
        """What it is called in a sentence."""
        name = f"operators[{self.number}]"
        return f"{name} ({self.role})" if self.role else name

    def is_for(self, operator: str, groups: Iterable[Reference]) -> bool:
        """Tell whether it is for an operator, whose groups these are."""
        if self.group:
            return any(_same(self.group, group.name) or _same(self.group, group.dn) for group in groups)
        return self.who == EVERYBODY or _same(self.who, operator)

    def holds_at(self, path: Units) -> bool:
        """Tell whether it is for what lies in the org units of this path, from the base down."""
        return not self.units or any(Department(unit).depth(path) is not None for unit in self.units)

    def allows(self, task: str) -> bool:
        """Tell whether it lets somebody do a task."""
        if self.tasks is not None:
            return task in self.tasks
        return self.role is Role.ADMINISTRATOR or (self.role is Role.HELPDESK and task in HELPDESK_TASKS)


def _same(left: str, right: str) -> bool:
    """Tell whether two DNs or two names are equal; case and the number of blanks make no difference."""
    return dn.key(" ".join(left.split())) == dn.key(" ".join(right.split()))


@dataclass(frozen=True, slots=True)
class Rights:
    """What one operator may do; `rules` are those for them, None where the site has no rules at all."""

    operator: str = ""
    rules: tuple[OperatorRule, ...] | None = None

    @property
    def is_scoped(self) -> bool:
        """Whether it matters in which org unit an account is."""
        return any(rule.units for rule in self.rules or ())

    def may(self, task: str, account: Account) -> str:
        """Say why a task may not be done to an account; empty where it may."""
        return self.may_at(task, account.department_path)

    def may_at(self, task: str, path: Units) -> str:
        """Say why a task may not be done to what lies in the org units of this path; empty where it may."""
        if not self.rules:
            return self.may_anywhere(task)
        where = "/".join(path) or _("no org unit")
        rule = next((rule for rule in self.rules if rule.holds_at(path)), None)
        if rule is None:
            units = ", ".join(dict.fromkeys(unit for rule in self.rules for unit in rule.units))
            return _("{rule} is for {units}, not for {where}").format(rule=self._said, units=units, where=where)
        if rule.allows(task):
            return ""
        if rule.units:
            return _("{rule} does not allow “{task}” in {where}").format(rule=rule.said, task=task, where=where)
        return _("{rule} does not allow “{task}”").format(rule=rule.said, task=task)

    def may_anywhere(self, task: str) -> str:
        """Say why a task may be done nowhere at all; empty where there is a place for it."""
        if self.rules is None or any(rule.allows(task) for rule in self.rules):
            return ""
        if not self.rules:
            return _("no rule of [[operators]] is for {operator}").format(operator=self.operator)
        return _("{rule} does not allow “{task}”").format(rule=self._said, task=task)

    @property
    def _said(self) -> str:
        return ", ".join(rule.said for rule in self.rules or ())

    def check(self, task: str, places: Collection[tuple[str, Units]]) -> None:
        """Check that a task may be done to all that is named here, each with the path of its org units.

        Raises:
            Refused: It may not be done at all, or not to some: the first of them are named, and the rule that says so.
        """
        nowhere = self.may_anywhere(task)
        if nowhere:
            raise Refused(_("You may not do “{task}”: {why}").format(task=task, why=nowhere), hint=_ask())
        outside = [(name, why) for name, path in places if (why := self.may_at(task, path))]
        if outside:
            raise _refused(task, list(dict.fromkeys(name for name, _why in outside)), outside[0][1])


def _refused(task: str, names: Sequence[str], why: str) -> Refused:
    more = len(names) - _NAMED
    listed = ", ".join(names[:_NAMED])
    if more > 0:
        listed = ngettext("{names} and {n} more", "{names} and {n} more", more).format(names=listed, n=more)
    message = _("You may not do “{task}” to {names}: {why}").format(task=task, names=listed, why=why)
    return Refused(message, hint=_ask())


def _ask() -> str:
    return _("Ask somebody who may, or who keeps the site's config file.")


def rights_for(rules: Sequence[OperatorRule], operator: str, groups: Collection[Reference] = ()) -> Rights:
    """Give the rights of an operator, by bind DN or name, who is in these groups; all rights where there is no rule."""
    if not rules:
        return Rights(operator)
    theirs = [rule for rule in rules if rule.is_for(operator, groups)]
    # What comes after a rule that holds everywhere can never decide.
    end = next((place for place, rule in enumerate(theirs, 1) if not rule.units), len(theirs))
    return Rights(operator, tuple(theirs[:end]))
