"""What the site's rules say of an org unit, and what becomes of that when it has another name or place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from mailtui.domain import language
from mailtui.domain.language import Field
from mailtui.domain.plan import Caution, Facts, UnitTarget
from mailtui.domain.policy import Department, Policy
from mailtui.domain.protection import RuleKind, parse_rule
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.account import Account
    from mailtui.domain.schema import Schema

Path = tuple[str, ...]


def of_another_place(unit: UnitTarget, path: Path, facts: Facts, schema: Schema, policy: Policy) -> Iterator[Caution]:
    """Tell how many accounts go along to another path, and warn of rules that are for others then, or name the unit."""
    number = len(facts.inside)
    if number:
        text = ngettext("{number} account is in it and goes along", "{number} accounts are in it and go along", number)
        yield Caution("inside", text.format(number=f"{number:,}"), _("the mirror"))
    yield from _departments(facts.inside, unit.path, path, policy)
    yield from _operators(unit.path, path, facts)
    yield from _kinds(facts.inside, unit.path, path, schema)
    yield from no_longer_named(unit, facts, policy, path)


def no_longer_named(unit: UnitTarget, facts: Facts, policy: Policy, path: Path = ()) -> Iterator[Caution]:
    """Warn of rules that name a unit by what it is called now, and not by the path that it will have, if any."""
    before, after = _folded(unit.path), _folded(path)
    found = [where for where, named in _names(facts, policy) if _is_lost(_folded(named), before, after)]
    if found:
        text = _("The config names it as it is called now, and must be changed by hand: {rules}")
        yield Caution("named-in-config", text.format(rules=", ".join(dict.fromkeys(found))), _("the config"))


def _is_lost(named: Path, before: Path, after: Path) -> bool:
    """Tell whether names that say a path, or its lower end, say this unit or one below it now, and then no longer."""
    ends = range(1, min(len(named), len(before)) + 1)
    return any(before[-end:] == named[:end] != after[-end:] for end in ends)


def _names(facts: Facts, policy: Policy) -> Iterator[tuple[str, Path]]:
    """Give where in the config units are named, and the names there, from the upper one down."""
    for department in policy.departments:
        yield _("departments ({unit})").format(unit=department.unit), _parts(department.unit)
    for rule in facts.operators:
        yield from ((rule.said, _parts(unit)) for unit in rule.units)
    for profile in policy.profiles:
        for field, patterns in profile.when:
            if field == "department":
                yield from ((_("profile {name}").format(name=profile.name), (pattern,)) for pattern in patterns)
    for text in policy.protected:
        if parse_rule(text).kind is RuleKind.SEARCH:
            conditions = language.parse(text).conditions
            yield from ((text, (one.value,)) for one in conditions if one.field is Field.DEPT)


def _parts(unit: str) -> Path:
    return tuple(unit.strip("/").split("/"))


def _folded(path: Iterable[str]) -> Path:
    return tuple(name.strip().casefold() for name in path)


def _departments(inside: Sequence[Account], before: Path, after: Path, policy: Policy) -> Iterator[Caution]:
    """Warn of accounts that other rules of `[[departments]]` are for then, with other values."""
    counts = Counter(account.department_path for account in inside) if policy.departments else Counter[Path]()
    number = 0
    was: dict[str, None] = {}
    will: dict[str, None] = {}
    for path, count in counts.items():
        old, new = policy.departments_at(path), policy.departments_at((*after, *path[len(before) :]))
        if _values(old) != _values(new):
            number += count
            was |= dict.fromkeys(one.unit for one in old if one not in new)
            will |= dict.fromkeys(one.unit for one in new if one not in old)
    if number:
        text = ngettext(
            "{number} account in it comes under other department rules ({was} → {will}); apply-profile goes by them",
            "{number} accounts in it come under other department rules ({was} → {will}); apply-profile goes by them",
            number,
        )
        said = text.format(number=f"{number:,}", was=", ".join(was) or "–", will=", ".join(will) or "–")
        yield Caution("department-rules", said, _("the departments of the config, and the mirror"))


def _values(departments: Sequence[Department]) -> tuple[object, ...]:
    """Give what departments, the deepest first, say together."""
    said = ((one.quota_bytes, one.groups or None, one.domain or None, one.owner or None) for one in departments)
    columns = zip(*said, strict=True) if departments else [()] * 4
    return tuple(next((value for value in column if value is not None), None) for column in columns)


def _operators(before: Path, after: Path, facts: Facts) -> Iterator[Caution]:
    """Warn of operators who may do less, or more, with what is in a unit then."""
    lost = [rule.said for rule in facts.operators if rule.holds_at(before) and not rule.holds_at(after)]
    won = [rule.said for rule in facts.operators if rule.holds_at(after) and not rule.holds_at(before)]
    basis = _("the operators of the config")
    if lost:
        yield Caution("operators", _("No longer for what is in it: {rules}").format(rules=", ".join(lost)), basis)
    if won:
        yield Caution("operators", _("For what is in it from then on: {rules}").format(rules=", ".join(won)), basis)


def _kinds(inside: Sequence[Account], before: Path, after: Path, schema: Schema) -> Iterator[Caution]:
    """Warn of accounts whose kind is told by the units they are in."""
    deciding = {rule.below for rule in schema.account.kinds if rule.below}
    if inside and deciding & set(_folded(before)) != deciding & set(_folded(after)):
        text = _("Whether accounts in it are people, shared mailboxes or services is told by the unit: that changes")
        yield Caution("kind", text, _("the schema's kinds"))
