"""Rules of the site that name a group: what would no longer hold if there were none of that name."""

from collections.abc import Iterator

from mailtui.domain import dn as names
from mailtui.domain.plan import Caution, Facts, GroupTarget
from mailtui.domain.policy import Policy
from mailtui.domain.protection import RuleKind, parse_rule
from mailtui.texts import _

RULED = "named-by-rules"


def naming_rules(group: GroupTarget, facts: Facts, policy: Policy) -> list[Caution]:
    """Warn of the rules that name a group, and so would hold for nobody, or give nobody anything."""
    rules = list(dict.fromkeys(rule for rule, name in _names(facts, policy) if _is(group, name)))
    if not rules:
        return []
    text = _("Rules of the site name the group: {rules}").format(rules=", ".join(rules))
    return [Caution(RULED, text, _("the site's config"))]


def _is(group: GroupTarget, name: str) -> bool:
    return names.key(" ".join(name.split())) in {names.key(" ".join(group.name.split())), names.key(group.dn)}


def _names(facts: Facts, policy: Policy) -> Iterator[tuple[str, str]]:
    """Give where in the config groups are named, and the names there."""
    for text in (*policy.protected, *policy.holds):
        rule = parse_rule(text)
        if rule.kind is RuleKind.GROUP:
            yield text, rule.value
    for operator in facts.operators:
        yield operator.said, operator.group
    for profile in policy.profiles:
        said = _("profile {name}").format(name=profile.name)
        patterns = [pattern for field, given in profile.when if field == "group" for pattern in given]
        yield from ((said, name) for name in (*profile.groups, *patterns))
    for department in policy.departments:
        said = _("departments ({unit})").format(unit=department.unit)
        yield from ((said, name) for name in department.groups)
