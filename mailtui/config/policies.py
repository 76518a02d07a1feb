"""The section `[policy]`, checked, with the profiles and departments that belong to it."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from mailtui.config.allotments import departments, profiles
from mailtui.config.checking import Table, check_one_of, nearest, section, wrong
from mailtui.domain.new_address import written_domain
from mailtui.domain.patterns import parse_pattern
from mailtui.domain.policy import EXTERNAL_FORWARDS, PASSWORD_STYLES, SHORTEST_PASSWORD, UMLAUTS, Policy
from mailtui.domain.protection import RuleKind, parse_rule
from mailtui.errors import UsageError
from mailtui.texts import _

_CHOICES = {"external_forward": EXTERNAL_FORWARDS, "password_style": PASSWORD_STYLES, "umlauts": UMLAUTS}


def policy(held: Table, source: str) -> Policy:
    """Give the site's policy from a whole file.

    Raises:
        ConfigError: A key or value cannot be taken.
    """
    values = section(Policy, held.get("policy", {}), source, "policy", skip={"profiles", "departments"})
    _check(values, source)
    if "domains" in values:
        values["domains"] = tuple(map(written_domain, values["domains"]))
    return Policy(
        **values,
        profiles=tuple(profiles(held.get("profiles", []), source)),
        departments=tuple(departments(held.get("departments", []), source)),
    )


def check_names(policy: Policy, source: str) -> None:
    """Check that what parts of a policy name is in other parts of it.

    Raises:
        ConfigError: A rule names a profile, or a department a domain, that is not there.
    """
    names = [profile.name for profile in policy.profiles]
    for key, rules in (("protected", policy.protected), ("holds", policy.holds)):
        for number, rule in enumerate(map(parse_rule, rules), 1):
            if rule.kind is RuleKind.PROFILE and rule.value.casefold() not in map(str.casefold, names):
                what = _("names a profile that is not known: {name}").format(name=rule.value)
                hint = nearest(rule.value, names) if names else _("Write it as [[profiles]] in the same file.")
                raise wrong(source, f"policy.{key}[{number}]", what, hint)
    ours = set(policy.domains)
    for number, department in enumerate(policy.departments, 1):
        if ours and department.domain and department.domain not in ours:
            hint = nearest(department.domain, policy.domains)
            raise wrong(source, f"departments[{number}].domain", _("is not among policy.domains"), hint)


def _check(values: Mapping[str, Any], source: str) -> None:
    for name, choices in _CHOICES.items():
        if name in values:
            check_one_of(choices, values[name], source, f"policy.{name}")
    try:
        re.compile(values.get("ticket_pattern", ""))
    except re.error as error:
        raise wrong(source, "policy.ticket_pattern", str(error), _("Write a regular expression.")) from error
    _check_each(parse_rule, values, source, "protected")
    _check_each(parse_rule, values, source, "holds")
    _check_each(parse_pattern, values, source, "naming")
    _check_each(written_domain, values, source, "domains")
    if values.get("password_length", SHORTEST_PASSWORD) < SHORTEST_PASSWORD:
        hint = _("Ask for {number} characters or more.").format(number=SHORTEST_PASSWORD)
        raise wrong(source, "policy.password_length", _("is too short"), hint)
    if "journal_dir" in values and not values["journal_dir"].is_absolute():
        raise wrong(source, "policy.journal_dir", _("is no whole path"), _("Begin it with a slash."))


def _check_each(parse: Callable[[str], object], values: Mapping[str, Any], source: str, name: str) -> None:
    for number, text in enumerate(values.get(name, ()), 1):
        try:
            parse(text)
        except UsageError as error:
            what = _("cannot be taken: {reason}").format(reason=error.message)
            raise wrong(source, f"policy.{name}[{number}]", what, error.hint) from error
