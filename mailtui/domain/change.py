"""What is to change in one entry, as values: what a plan lists, the journal keeps and the directory is sent."""

from collections.abc import Iterable
from dataclasses import dataclass

from mailtui.domain.entries import Act
from mailtui.domain.rules import Rule, decode_text, value_key
from mailtui.texts import _


@dataclass(frozen=True, slots=True)
class Values:
    """All the values that one attribute of one entry has; none means that it is absent."""

    attribute: str
    values: tuple[bytes, ...] = ()

    def described(self) -> str:
        """Say what the attribute is, for people: `mailQuota is “1024”`."""
        return _("{attribute} is {values}").format(attribute=self.attribute, values=self.listed)

    @property
    def listed(self) -> str:
        """The values, in quotes, for people."""
        return ", ".join(f"“{decode_text(value)}”" for value in self.values) or _("absent")


@dataclass(frozen=True, slots=True)
class Change:
    """Values to take from, and to give to, one attribute of one entry."""

    attribute: str
    remove: tuple[bytes, ...] = ()
    add: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        # An empty delete or replace would drop the whole attribute (RFC 4511 section 4.6): it cannot be expressed.
        if not self.remove and not self.add:
            raise ValueError(f"a change of {self.attribute} changes nothing")

    def applied_to(self, values: tuple[bytes, ...], rule: Rule) -> tuple[bytes, ...]:
        """Give the values that the attribute has once this is done."""
        gone = {value_key(rule, value) for value in self.remove}
        return tuple(value for value in values if value_key(rule, value) not in gone) + self.add

    def described(self) -> str:
        """Say what changes, for people: `mailQuota: 1024 → 2048`; an absent side is `–`."""
        return f"{self.attribute}: {_listed(self.remove)} → {_listed(self.add)}"

    def reversed(self) -> "Change":
        """Give the change that takes this one back."""
        return Change(self.attribute, remove=self.add, add=self.remove)


def _listed(values: tuple[bytes, ...]) -> str:
    return ", ".join(decode_text(value) for value in values) or "–"


def headline(act: Act, dn: str, new_dn: str) -> str:
    """Say what becomes of an entry as a whole, for people; nothing where only values change."""
    texts = {
        Act.ADD: _("added: {dn}"),
        Act.DELETE: _("deleted: {dn}"),
        Act.RENAME: _("{dn} → {new_dn}"),
        Act.PASSWORD: _("gets a new password"),
    }
    return texts[act].format(dn=dn, new_dn=new_dn) if act in texts else ""


def change_between(before: Values, after: tuple[bytes, ...], rule: Rule, *, is_typed: bool = False) -> Change | None:
    """Give the change that turns an attribute's values into others; None where they are equal by its rule.

    Of values that somebody typed, another spelling is a change too.
    """
    if is_typed:
        # Of several spellings of one value a server holds but one.
        first = {value_key(rule, value): value for value in reversed(after)}
        after, rule = tuple(value for value in after if first[value_key(rule, value)] == value), Rule.EXACT
    old, new = ({value_key(rule, value) for value in values} for values in (before.values, after))
    remove = tuple(value for value in before.values if value_key(rule, value) not in new)
    add = tuple(value for value in dict.fromkeys(after) if value_key(rule, value) not in old)
    return Change(before.attribute, remove, add) if remove or add else None


def named_by(changes: Iterable[Change], attribute: str, values: tuple[bytes, ...], rule: Rule) -> tuple[bytes, ...]:
    """Give those of an attribute's values that changes take away or give."""
    named = {
        value_key(rule, value)
        for change in changes
        if change.attribute.lower() == attribute.lower()
        for value in (*change.remove, *change.add)
    }
    return tuple(value for value in values if value_key(rule, value) in named)


def applied(changes: Iterable[Change], before: Values, rule: Rule) -> Values:
    """Give an attribute's values once changes, of whichever attributes, are done."""
    for change in changes:
        if change.attribute.lower() == before.attribute.lower():
            return Values(before.attribute, change.applied_to(before.values, rule))
    return before
