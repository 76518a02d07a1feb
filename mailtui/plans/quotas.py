"""Set quota: how much room a mailbox has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mailtui.domain.account import Account
from mailtui.domain.allocation import Allocation, allocation
from mailtui.domain.plan import Caution, Facts, Plan, PlanRow, Target
from mailtui.domain.policy import UNLIMITED, Policy
from mailtui.domain.quota import format_size, parse_size
from mailtui.domain.rules import decode_integer
from mailtui.errors import Refused, UsageError
from mailtui.plans.rows import Wanted, changing, count_of, needed, plan_of, skipped, wanting
from mailtui.plans.tasks import AnswerKind, Answers, Question
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

_UNLIMITED = b"0"
# Below this a unit was forgotten; above it the directory's INTEGER is read by nobody as it is meant.
_SMALLEST, _LARGEST = 1 << 20, 1 << 60
_NAMED = 10


class Way(StrEnum):
    """How a new limit follows from the answer."""

    SIZE = "size"
    DIFFERENCE = "difference"
    UNLIMITED = "unlimited"
    DEFAULT = "default"
    PROFILE = "profile"


@dataclass(frozen=True, slots=True)
class Room:
    """What `--to` asks for; `size` in bytes, negative where a difference takes away."""

    way: Way
    size: int = 0

    def described(self) -> str:
        """Say it as people read it: `10 GiB`, `+2 GiB`, `unlimited`, `default`."""
        if self.way is Way.SIZE:
            return format_size(self.size)
        if self.way is Way.DIFFERENCE:
            return ("+" if self.size > 0 else "-") + format_size(abs(self.size))
        if self.way is Way.PROFILE:
            return _("as their rules say")
        return _("unlimited") if self.way is Way.UNLIMITED else _("the server's default")


def parse_room(text: str) -> Room:
    """Read `10GiB`, `+2GiB`, `-1GiB`, `unlimited`, `default` or `profile`.

    Raises:
        UsageError: It is none of these, or 0, which directories take for unlimited.
    """
    text = text.strip()
    if text.casefold() in {Way.UNLIMITED.value, Way.DEFAULT.value, Way.PROFILE.value}:
        return Room(Way(text.casefold()))
    size = parse_size(text.lstrip("+-") if text[:1] in {"+", "-"} and text[1:2] not in {"+", "-"} else text)
    if not size:
        raise UsageError(
            _("“{text}” is no room at all").format(text=text), hint=_("Write `unlimited` for no limit, or a size.")
        )
    if not _SMALLEST <= size <= _LARGEST:
        raise UsageError(
            _("“{text}” is no room for a mailbox").format(text=text), hint=_("Write it with its unit, such as 10GiB.")
        )
    if text[0] in "+-":
        return Room(Way.DIFFERENCE, -size if text[0] == "-" else size)
    return Room(Way.SIZE, size)


def plan_set_quota(targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to give accounts another limit.

    Raises:
        UsageError: The answer is no size.
        Refused: The schema has no attribute for it, a difference has nothing to be added to, or the limit is below what
            is used and not forced.
    """
    attribute = needed(schema.account.quota_limit, _("a quota"), schema)
    room = parse_room(str(answers["to"]))
    if room.way is Way.DIFFERENCE:
        _refuse_impossible(targets, attribute, room)
    rows = [_quota_row(target, attribute, room, schema, policy) for target in targets]
    cautions = check_use(changing(targets, rows), rows, schema, is_forced=bool(answers.get("force")))
    count = count_of(rows)
    title = ngettext("Set the quota of {count} account: {room}", "Set the quota of {count} accounts: {room}", count)
    return plan_of(
        "set-quota", title.format(count=count, room=room.described()), targets, rows, facts, policy, cautions
    )


def allotted_limit(allotted: Allocation, schema: Schema) -> Wanted:
    """Give the limit that rules allot, as the attribute that it comes to; none where they allot none."""
    if allotted.quota_bytes is None or not schema.account.quota_limit:
        return {}
    return {schema.account.quota_limit: (str(allotted.quota_bytes.value).encode(),)}


def check_use(targets: Sequence[Target], rows: Sequence[PlanRow], schema: Schema, *, is_forced: bool) -> list[Caution]:
    """Warn of accounts that already use more than they would be given.

    Raises:
        Refused: It is not forced.
    """
    limits = _new_limits(rows, schema.account.quota_limit)
    cautions, logins = [], []
    for target in targets:
        limit = limits.get(target.account.id)
        if limit and is_beyond(target.account, limit):
            logins.append(target.account.login)
            cautions.append(_too_full(target.account, limit))
    if cautions and not is_forced:
        shown = named(logins)
        text = cautions[0].text if len(cautions) == 1 else _("They use more than that already: {logins}")
        raise Refused(text.format(logins=shown), hint=_("Leave them out, or add --force."))
    return cautions


def _new_limits(rows: Sequence[PlanRow], attribute: str) -> dict[str, int | None]:
    return {
        row.account_id: decode_integer(change.add[0])
        for row in rows
        for change in row.changes
        if change.attribute == attribute and change.add
    }


def named(names: Sequence[str]) -> str:
    """List the first of many names."""
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")


def is_beyond(account: Account, limit: int) -> bool:
    """Tell whether an account already uses more than a limit, so that mail would be refused."""
    return limit != UNLIMITED and (account.quota.used_bytes or 0) > limit


def _too_full(account: Account, limit: int) -> Caution:
    text = _("{name} already uses {used}, more than {limit}: mail would be refused").format(
        name=account.name, used=format_size(account.quota.used_bytes), limit=format_size(limit)
    )
    return Caution("over-quota", text, _("the use that was last read"), account.id)


def _limit(target: Target, attribute: str) -> int:
    values = target.values_of(attribute).values
    return (decode_integer(values[0]) or 0) if values else 0


def _refuse_impossible(targets: Sequence[Target], attribute: str, room: Room) -> None:
    limitless = [target.account.login for target in targets if not _limit(target, attribute)]
    if limitless:
        raise Refused(
            _("No limit of their own to add to or take from: {logins}").format(logins=", ".join(limitless)),
            hint=_("They are unlimited or have the server's default: give them a size."),
        )
    emptied = [target.account.login for target in targets if _limit(target, attribute) + room.size <= 0]
    if emptied:
        raise Refused(_("That would leave no room at all: {logins}").format(logins=", ".join(emptied)))


def _quota_row(target: Target, attribute: str, room: Room, schema: Schema, policy: Policy) -> PlanRow:
    if room.way is Way.PROFILE:
        return _profile_row(target, schema, policy)
    if room.way is Way.DEFAULT:
        return wanting(target, {attribute: ()}, schema, _("it has the server's default already"))
    if room.way is Way.UNLIMITED:
        return wanting(target, {attribute: (_UNLIMITED,)}, schema, _("it is unlimited already"))
    limit = _limit(target, attribute) + room.size if room.way is Way.DIFFERENCE else room.size
    nothing = _("its limit is {size} already").format(size=format_size(limit))
    return wanting(target, {attribute: (str(limit).encode(),)}, schema, nothing)


def _profile_row(target: Target, schema: Schema, policy: Policy) -> PlanRow:
    allotted = allocation(target.account, policy)
    if allotted.quota_bytes is None:
        if allotted.profile is None:
            return skipped(target, _("no profile is for it, nor does a department say a quota"))
        return skipped(target, _("the profile {name} says no quota").format(name=allotted.profile))
    nothing = _("it is already as {rules} would have it").format(rules=allotted.quota_bytes.rule)
    return wanting(target, allotted_limit(allotted, schema), schema, nothing)


FORCE = Question(
    "force",
    AnswerKind.FLAG,
    _("Force"),
    _("Also below what is used already: mail is refused then."),
    default=False,
)
