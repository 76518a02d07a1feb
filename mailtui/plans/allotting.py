"""What rules allot, as changes: of an account's own entry, and of the groups that it joins."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from mailtui.domain.account import Account
from mailtui.domain.allocation import Allocation, What, allocation
from mailtui.domain.days import end_of
from mailtui.domain.plan import Caution, Facts, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.domain.quota import format_size
from mailtui.domain.rules import encode_time
from mailtui.errors import UsageError
from mailtui.plans.members import Members
from mailtui.plans.quotas import allotted_limit, is_beyond, named
from mailtui.plans.rows import Wanted, skipped, wanting
from mailtui.plans.tasks import AnswerKind, Answers, Question
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

PARTS = (What.QUOTA, What.SERVICES, What.GROUPS, What.EXPIRY)
"""What is brought to what rules say; the rest is for new accounts, or told alone."""

WHAT = Question(
    "what",
    AnswerKind.TEXT,
    _("What"),
    _("Any of quota, services, groups and expiry, with commas between."),
    default=",".join(PARTS),
)


def parts_of(answers: Answers) -> frozenset[What]:
    """Read what is to be applied.

    Raises:
        UsageError: A word is none of `PARTS`.
    """
    named = [word.strip().casefold() for word in str(answers["what"]).split(",")]
    for word in named:
        if word not in PARTS:
            raise UsageError(_("“{word}” is nothing that could be applied").format(word=word), hint=WHAT.help)
    return frozenset(map(What, named))


def default_groups(accounts: Iterable[Account], answers: Answers, policy: Policy) -> set[str]:
    """Name the groups that accounts are to be in by their rules, where these are asked for."""
    if What.GROUPS not in parts_of(answers):
        return set()
    allotted = [allocation(account, policy).groups for account in accounts]
    return {name for each in allotted if each for name in each.value}


class Allotting:
    """Brings accounts to what is allotted to them, one after the other, and remembers whose groups change.

    Services that are listed are all that there are: others are taken away, as `departures` compares them; an account
    that has none is left so, since its directory may not know them. Who expires some day already keeps that day. No
    group is left: accounts may be in more than their rules name. With `spares_full`, those who use more than their
    rules allow them are left as they are.
    """

    def __init__(self, parts: Collection[What], facts: Facts, schema: Schema, *, spares_full: bool = False) -> None:
        self._facts, self._schema, self._spares_full = facts, schema, spares_full
        self.members = Members(facts, schema)
        """Who joins what."""
        self.touched: set[str] = set()
        """The ids of the accounts whose entries or groups change."""
        self._spared: list[Account] = []
        self._missing: dict[str, str] = {}
        fields = schema.account
        known = {
            What.QUOTA: fields.quota_limit, What.SERVICES: fields.services, What.GROUPS: schema.group.member,
            What.EXPIRY: fields.expires,
        }  # fmt: skip
        self._parts = {what for what, attribute in known.items() if attribute and what in parts}

    def row(
        self, target: Target, allotted: Allocation, besides: Wanted | None = None, groups: Sequence[str] = ()
    ) -> PlanRow:
        """Give the row of an account's own entry, which gets the values `besides`; `groups` change for it already."""
        given = [rule for what, rule in allotted.rules if what in self._parts]
        if not given and not besides and not groups:
            return skipped(target, _nothing_said(allotted))
        own = {**self._own(target, allotted), **(besides or {})}
        if self._spares_full and self._is_full(target, allotted, own):
            self._spared.append(target.account)
            return skipped(target, _too_full(target.account, allotted))
        regrouped = [*groups, *self._joined(target.account, allotted)]
        rules = ", ".join(dict.fromkeys(rule.rule for rule in given))
        nothing = _("it is already as {rules} would have it").format(rules=rules)
        if regrouped:
            nothing = _("only its groups change: {groups}").format(groups=", ".join(regrouped))
        row = wanting(target, own, self._schema, nothing)
        if regrouped or not row.is_idle:
            self.touched.add(target.account.id)
        return row

    def _is_full(self, target: Target, allotted: Allocation, own: Wanted) -> bool:
        """Tell whether an account uses more than the other limit that it would get."""
        attribute = self._schema.account.quota_limit
        is_other = any(change.attribute == attribute for change in wanting(target, own, self._schema, "").changes)
        return is_other and allotted.quota_bytes is not None and is_beyond(target.account, allotted.quota_bytes.value)

    def _own(self, target: Target, allotted: Allocation) -> Wanted:
        fields = self._schema.account
        wanted: dict[str, tuple[bytes, ...]] = {}
        if What.QUOTA in self._parts:
            wanted |= allotted_limit(allotted, self._schema)
        if What.SERVICES in self._parts and allotted.services and target.values_of(fields.services).values:
            wanted[fields.services] = tuple(name.encode() for name in allotted.services.value)
        is_endless = What.EXPIRY in self._parts and not target.values_of(fields.expires).values
        if is_endless and allotted.expires_days and self._facts.now:
            last = self._facts.now.astimezone().date() + timedelta(days=allotted.expires_days.value)
            wanted[fields.expires] = (encode_time(end_of(last)),)
        return wanted

    def _joined(self, account: Account, allotted: Allocation) -> list[str]:
        if What.GROUPS not in self._parts or allotted.groups is None:
            return []
        for name in allotted.groups.value:
            if not self.members.is_known(name):
                self._missing[name] = allotted.groups.rule
        return self.members.join(account, allotted.groups.value)

    def accounts(self, targets: Sequence[Target]) -> list[Account]:
        """Give the accounts whose entries or groups change."""
        return [target.account for target in targets if target.account.id in self.touched]

    def cautions(self) -> list[Caution]:
        """Warn of groups that rules name and that are not there, and of those who are left as they are."""
        text, basis = _("There is no group {name} to join, as {rule} says"), _("the groups in the mirror")
        found = [Caution("no-group", text.format(name=name, rule=rule), basis) for name, rule in self._missing.items()]
        if self._spared:
            text = ngettext(
                "{names} uses more than is allotted and is left as it is; --force applies it all the same",
                "{names} use more than is allotted and are left as they are; --force applies it all the same",
                len(self._spared),
            ).format(names=named([account.name for account in self._spared]))
            alone = self._spared[0].id if len(self._spared) == 1 else None
            found.append(Caution("over-quota", text, _("the use that was last read"), alone))
        return found


def _too_full(account: Account, allotted: Allocation) -> str:
    limit = allotted.quota_bytes.value if allotted.quota_bytes else 0
    return _("it already uses {used}, more than the {limit} allotted to it").format(
        used=format_size(account.quota.used_bytes), limit=format_size(limit)
    )


def _nothing_said(allotted: Allocation) -> str:
    if allotted.profile is None:
        return _("no profile is for it, nor does a department say any of this")
    return _("the profile {name} says nothing that could be applied").format(name=allotted.profile)
