"""The verb `group`: who is in a group, who owns it, where it is in itself; and the groups that `show` tells of."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Annotated

import typer

from mailtui.cli import output
from mailtui.cli.context import options_of
from mailtui.cli.shapes import Shape, reference
from mailtui.domain.group import Group, Member, MemberKind, Nested
from mailtui.errors import Refused
from mailtui.queries.group_views import group_whole
from mailtui.queries.groups import group_named
from mailtui.texts import _, clean, ngettext


def add_to(app: typer.Typer) -> None:
    """Add this verb to the command line."""
    app.command("group", help=_("One group: who is in it, who owns it, its mail, and which groups it is in."))(group)


def group(
    context: typer.Context, group: Annotated[str, typer.Argument(help=_("The name of a group, or its DN."))]
) -> None:
    """Print one group."""
    with closing(options_of(context).mirrored_desk().mirror()) as mirror:
        found = group_whole(mirror, group_named(mirror, group).id or "")
    if found is None:
        raise Refused(_("The group {name} is gone from the directory").format(name=group))
    if options_of(context).json:
        output.print_json(_shape(found))
        return
    output.print_pairs(_pairs(found))
    print()
    header = (_("Member"), _("Kind"), _("Log-in"), _("Address"))
    output.print_table(header, [_row(member) for member in found.members])
    if found.unknown:
        text = ngettext("and {n} whom the mirror does not hold", "and {n} whom the mirror does not hold", found.unknown)
        print(text.format(n=found.unknown))


def _pairs(found: Group) -> list[tuple[str, str]]:
    owners = ", ".join(owner.reference.name for owner in found.owners)
    return [
        (_("Name"), found.name), (_("For"), found.description), (_("Address"), found.mail),
        (_("Aliases"), ", ".join(found.aliases)), (_("Who can post"), found.posting or ""), (_("Owners"), owners),
        (_("Seats of"), found.works.name if found.works else ""),
        (_("Is in"), ", ".join([*(one.name for one in found.groups), *map(nested_text, found.nested)])),
        (_("Members"), str(len(found.members) + found.unknown)), ("DN", found.dn),
    ]  # fmt: skip


def nested_text(nested: Nested) -> str:
    """Name a group that something is in through another."""
    return _("{group} (through {other})").format(group=nested.group.name, other=nested.through.name)


def nested_pairs(nested: Sequence[Nested]) -> list[tuple[str, str]]:
    """Give what `show` says of the groups that an account is in through others."""
    return [(_("Through groups"), ", ".join(map(nested_text, nested)))]


def nested_shape(nested: Iterable[Nested]) -> list[Shape]:
    """Give the same for JSON."""
    return [{"group": reference(one.group), "through": reference(one.through)} for one in nested]


def _row(member: Member) -> tuple[str, ...]:
    kind = _("group") if member.kind is MemberKind.GROUP else _("account")
    return clean(member.reference.name), kind, member.login, member.mail


def _shape(found: Group) -> Shape:
    return {
        "id": found.id, "name": found.name, "dn": found.dn, "description": found.description or None,
        "mail": found.mail or None, "aliases": list(found.aliases), "posting": found.posting,
        "owners": list(map(_member_shape, found.owners)), "members": list(map(_member_shape, found.members)),
        "unknown_members": found.unknown, "groups": list(map(reference, found.groups)),
        "groups_through": nested_shape(found.nested), "seats_of": reference(found.works) if found.works else None,
    }  # fmt: skip


def _member_shape(member: Member) -> Shape:
    named = {"kind": member.kind.value, **reference(member.reference)}
    return {**named, "login": member.login or None, "mail": member.mail or None}
