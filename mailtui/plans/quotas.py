"""Set quota: how much room a mailbox has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mailtui.domain.plan import Caution, Facts, Plan, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.domain.quota import format_size, parse_size
from mailtui.domain.rules import decode_integer
from mailtui.errors import Refused, UsageError
from mailtui.plans.rows import changing, count_of, needed, plan_of, wanting
from mailtui.plans.tasks import Answers
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

_UNLIMITED = b"0"
# Below this a unit was forgotten; above it the directory's INTEGER is read by nobody as it is meant.
_SMALLEST, _LARGEST = 1 << 20, 1 << 60


class Way(StrEnum):
    """How a new limit follows from the answer."""

    SIZE = "size"
    DIFFERENCE = "difference"
    UNLIMITED = "unlimited"
    DEFAULT = "default"


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
        return _("unlimited") if self.way is Way.UNLIMITED else _("the server's default")


def parse_room(text: str) -> Room:
    """Read `10GiB`, `+2GiB`, `-1GiB`, `unlimited` or `default`.

    Raises:
        UsageError: It is none of these, or 0, which directories take for unlimited.
    """
    text = text.strip()
    if text.casefold() in {Way.UNLIMITED.value, Way.DEFAULT.value}:
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
        Refused: The schema has no attribute for it, or a difference has nothing to be added to.
    """
    attribute = needed(schema.account.quota_limit, _("a quota"), schema)
    room = parse_room(str(answers["to"]))
    if room.way is Way.DIFFERENCE:
        _refuse_impossible(targets, attribute, room)
    rows = [_quota_row(target, attribute, room, schema) for target in targets]
    cautions = [caution for target in changing(targets, rows) for caution in _too_full(target, attribute, room)]
    count = count_of(rows)
    title = ngettext("Set the quota of {count} account: {room}", "Set the quota of {count} accounts: {room}", count)
    return plan_of(
        "set-quota", title.format(count=count, room=room.described()), targets, rows, facts, policy, cautions
    )


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


def _new_limit(target: Target, attribute: str, room: Room) -> int:
    return _limit(target, attribute) + room.size if room.way is Way.DIFFERENCE else room.size


def _quota_row(target: Target, attribute: str, room: Room, schema: Schema) -> PlanRow:
    if room.way is Way.DEFAULT:
        return wanting(target, {attribute: ()}, schema, _("it has the server's default already"))
    if room.way is Way.UNLIMITED:
        return wanting(target, {attribute: (_UNLIMITED,)}, schema, _("it is unlimited already"))
    limit = _new_limit(target, attribute, room)
    nothing = _("its limit is {size} already").format(size=format_size(limit))
    return wanting(target, {attribute: (str(limit).encode(),)}, schema, nothing)


def _too_full(target: Target, attribute: str, room: Room) -> list[Caution]:
    used = target.account.quota.used_bytes
    limit = _new_limit(target, attribute, room)
    if used is None or not limit or used <= limit:
        return []
    text = _("{name} already uses {used}, more than {limit}: mail would be refused").format(
        name=target.account.name, used=format_size(used), limit=format_size(limit)
    )
    return [Caution("over-quota", text, _("the use that was last read"), target.account.id)]
