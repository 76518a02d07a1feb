"""What is to change in one entry, as values: what a plan lists, the journal keeps and the directory is sent."""

from dataclasses import dataclass

from mailtui.domain.rules import Rule, value_key


@dataclass(frozen=True, slots=True)
class Values:
    """All the values that one attribute of one entry has; none means that it is absent."""

    attribute: str
    values: tuple[bytes, ...] = ()


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

    def reversed(self) -> "Change":
        """Give the change that takes this one back."""
        return Change(self.attribute, remove=self.add, add=self.remove)


def change_between(before: Values, after: tuple[bytes, ...], rule: Rule) -> Change | None:
    """Give the change that turns an attribute's values into others; None where they are equal by its rule."""
    old = {value_key(rule, value): value for value in before.values}
    new = {value_key(rule, value): value for value in after}
    remove = tuple(value for key, value in old.items() if key not in new)
    add = tuple(value for key, value in new.items() if key not in old)
    return Change(before.attribute, remove, add) if remove or add else None
