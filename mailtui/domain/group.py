"""A group: who is in it and who owns it, where mail for it goes, and who may write to it."""

from dataclasses import dataclass
from enum import StrEnum

from mailtui.domain.account import Reference


class Posting(StrEnum):
    """Who may write to a group."""

    EVERYBODY = "everybody"
    INSIDE = "inside"
    MEMBERS = "members"
    OWNERS = "owners"


class MemberKind(StrEnum):
    """What a member of a group is."""

    ACCOUNT = "account"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Member:
    """A member or an owner of a group; `mail` is the main address of one that has any."""

    kind: MemberKind
    reference: Reference
    login: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True)
class GroupRoom:
    """What there is where a new group would be: the DN that it would be below, and who bears its name already.

    The members of a group that bears the log-in of one of the shared `mailboxes` work it.
    """

    place: str = ""
    groups: tuple[Reference, ...] = ()
    mailboxes: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Nested:
    """A group that somebody is in only because another group, `through`, is a member of it."""

    group: Reference
    through: Reference


@dataclass(frozen=True, slots=True)
class Group:
    """Everything the mirror knows of a group.

    `posting` is one of `Posting`, or the directory's own word for what our schema does not tell; None where it has no
    such thing, or the group no address. `unknown` counts members whose entries are not mirrored. `groups` are those it
    is a member of, `nested` those that it is in through these.
    """

    id: str
    dn: str
    name: str
    description: str = ""
    mail: str = ""
    aliases: tuple[str, ...] = ()
    posting: str | None = None
    owners: tuple[Member, ...] = ()
    members: tuple[Member, ...] = ()
    unknown: int = 0
    groups: tuple[Reference, ...] = ()
    nested: tuple[Nested, ...] = ()
    works: Reference | None = None
    """The shared mailbox that its members work."""
