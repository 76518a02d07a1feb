"""Who is protected: the rules of `policy.protected` taken apart, and what they came to for the accounts at hand.

profile:executive             the accounts that this profile is for
group:board                   the members of the groups of this name
group:cn=board,dc=example     the members of this group
dept:Board is:active          whom these search words find
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache

from mailtui.domain import dn, language
from mailtui.errors import UsageError
from mailtui.texts import _

_PREFIXED = re.compile(r"\s*([A-Za-z]+)\s*:\s*(.*?)\s*", re.DOTALL)
_DN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*\s*=.+,.+=", re.DOTALL)


class RuleKind(StrEnum):
    """What a rule goes by."""

    PROFILE = "profile"
    GROUP = "group"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class ProtectionRule:
    """One rule; `value` is the name of a profile, the name or DN of a group, or search words."""

    text: str
    kind: RuleKind
    value: str

    @property
    def said(self) -> str:
        """The rule as a reason."""
        return _("group {name}").format(name=self.value) if self.kind is RuleKind.GROUP else self.value

    @property
    def is_dn(self) -> bool:
        """Whether a group is named by its DN."""
        return self.kind is RuleKind.GROUP and _is_dn(self.value)


@dataclass(frozen=True, slots=True)
class Protection:
    """What rules came to: why an account is protected, by its id.

    `unknown` are rules that name a group or a unit which the mirror does not hold: whom they protect is not known.
    """

    why: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def parse_rule(text: str) -> ProtectionRule:
    """Take a rule apart.

    Raises:
        UsageError: It names nothing, holds a search word that is not known, or could never find anybody.
    """
    prefixed = _PREFIXED.fullmatch(text)
    name = prefixed[1].lower() if prefixed else ""
    if prefixed and name == RuleKind.PROFILE:
        return ProtectionRule(text, RuleKind.PROFILE, _named(prefixed[2], text))
    if prefixed and name == RuleKind.GROUP:
        return ProtectionRule(text, RuleKind.GROUP, _group(prefixed[2], text))
    if name and name not in set(language.Field) and get_close_matches(name, [RuleKind.PROFILE]):
        message = _("“{word}” is no search word that is known").format(word=text)
        raise UsageError(message, hint=_("Did you mean “{key}”?").format(key=f"{RuleKind.PROFILE}:"))
    question = language.parse(text)
    plain = question.text
    if (plain or not question.conditions) and not any(map(str.isalnum, plain)):
        raise _empty(text)
    return ProtectionRule(text, RuleKind.SEARCH, " ".join(text.split()))


def _group(value: str, text: str) -> str:
    name = _named(value, text)
    if not _is_dn(name) and language.parse(value).conditions:
        hint = _('Write the group as a rule of its own; a name with : < > = in it in quotes, as group:"A: B".')
        raise UsageError(_("“{rule}” names a group and more").format(rule=text), hint=hint)
    return name


def _named(value: str, text: str) -> str:
    name = " ".join(value.replace('"', " ").split())
    if not name:
        raise _empty(text)
    return name


def _is_dn(name: str) -> bool:
    if not _DN.match(name):
        return False
    try:
        return bool(dn.parse(name))
    except ValueError:
        return False


def _empty(text: str) -> UsageError:
    return UsageError(
        _("“{rule}” names nobody").format(rule=text),
        hint=_("Write profile:NAME, group:NAME, or search words such as dept:Board."),
    )
