"""Whom the rules of `policy.protected` protect, of the accounts at hand: one question a rule, however many they are."""

import json
from collections.abc import Iterable, Sequence

from mailtui.cache.folding import apart, fold, words
from mailtui.domain import dn, language
from mailtui.domain.language import Condition, Field
from mailtui.domain.protection import Protection, ProtectionRule, RuleKind, parse_rule
from mailtui.queries.mirror import Mirror

_MEMBERS = (
    "SELECT DISTINCT a.id FROM json_each(:ids) j CROSS JOIN account a ON a.id = j.value"
    " CROSS JOIN membership m ON m.dn_key = a.dn_key AND m.role = 'member'"
    " WHERE m.group_row IN (SELECT value FROM json_each(:groups))"
)
_NAMED = "SELECT row FROM directory_group WHERE name_key = :name"
_ALL_GROUPS = "SELECT row, dn FROM directory_group"
_EXISTS = {
    Field.DEPT: "SELECT 1 AS one FROM org_unit WHERE instr(keys, ' ' || :key) LIMIT 1",
    Field.GROUP: "SELECT 1 AS one FROM directory_group WHERE instr(' ' || name_key, ' ' || :key) LIMIT 1",
}


def protection(mirror: Mirror, ids: Sequence[str], rules: Iterable[str]) -> Protection:
    """Tell which of these accounts are protected by group or search words; profiles need no mirror: see `Policy`."""
    asked = [rule for rule in map(parse_rule, rules) if rule.kind is not RuleKind.PROFILE]
    if not asked:
        return Protection()
    why: dict[str, str] = {}
    unknown = []
    with mirror.snapshot():
        for rule in asked:
            found, is_known = _members(mirror, rule, ids) if rule.kind is RuleKind.GROUP else _found(mirror, rule, ids)
            why = dict.fromkeys(found, rule.said) | why
            if not is_known:
                unknown.append(rule.said)
    return Protection(why, tuple(unknown))


def _members(mirror: Mirror, rule: ProtectionRule, ids: Sequence[str]) -> tuple[Iterable[str], bool]:
    if rule.is_dn:
        wanted = dn.key(rule.value)
        groups = [row["row"] for row in mirror.ask(_ALL_GROUPS, {}) if dn.key(row["dn"]) == wanted]
    else:
        groups = [row["row"] for row in mirror.ask(_NAMED, {"name": fold(rule.value)})]
    members = mirror.ask(_MEMBERS, {"ids": json.dumps(list(ids)), "groups": json.dumps(groups)})
    return [row["id"] for row in members], bool(groups)


def _found(mirror: Mirror, rule: ProtectionRule, ids: Sequence[str]) -> tuple[Iterable[str], bool]:
    conditions = language.parse(rule.value).conditions
    is_known = all(_is_there(mirror, condition) for condition in conditions if condition.field in _EXISTS)
    return mirror.among(rule.value, ids), is_known


def _is_there(mirror: Mirror, condition: Condition) -> bool:
    folded = fold(condition.value)
    key = " ".join(words(apart(folded))) if condition.field is Field.DEPT else folded
    return bool(mirror.ask(_EXISTS[condition.field], {"key": key}))
