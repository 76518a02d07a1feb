"""Groups in groups: what somebody is in through others, and one group whole."""

from collections.abc import Callable

from mailtui.domain.group import MemberKind
from mailtui.domain.mirror import GroupRecord
from mailtui.queries.addresses import groups_at, taken
from mailtui.queries.group_views import group_whole
from mailtui.queries.mirror import Mirror
from mailtui.queries.nesting import groups_naming, groups_with
from tests.cache.records import person

Filled = Callable[..., Mirror]

ANN, BOB = person("ann"), person("bob")


def group(name: str, *members: str, owners: tuple[str, ...] = (), aliases: tuple[str, ...] = ()) -> GroupRecord:
    """Give a group of accounts and groups by their DNs."""
    mail = f"{name}@example.com" if aliases else None
    return GroupRecord(
        f"id-{name}", at(name), name, members, owners, description=f"What {name} is", mail=mail, aliases=aliases
    )


def at(name: str) -> str:
    return f"cn={name},ou=groups,dc=example,dc=com"


def told(mirror: Mirror, entry_id: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Give the names of the groups that something is in, and of the others with those through which it is."""
    direct, nested = groups_with(mirror, entry_id)
    return [one.name for one in direct], [(one.group.name, one.through.name) for one in nested]


def test_what_somebody_is_in_through_groups_is_told_once_with_the_group_that_is_in_it(filled: Filled) -> None:
    mirror = filled(
        ANN,
        BOB,
        group("team", ANN.dn),
        group("house", at("TEAM")),
        group("firm", at("house"), at("team")),
        group("other", BOB.dn),
    )
    assert told(mirror, ANN.id) == (["team"], [("firm", "team"), ("house", "team")])
    assert told(mirror, "id-team") == (["firm", "house"], [])
    assert told(mirror, BOB.id) == (["other"], [])
    assert told(mirror, "id-nobody") == ([], [])
    assert groups_naming(mirror, "id-team") == ["id-firm", "id-house"]


def test_groups_in_a_ring_and_a_group_in_itself_come_to_an_end(filled: Filled) -> None:
    mirror = filled(
        ANN,
        group("one", ANN.dn, at("three"), at("one")),
        group("two", at("one")),
        group("three", at("two")),
    )
    assert told(mirror, ANN.id) == (["one"], [("three", "two"), ("two", "one")])
    assert told(mirror, "id-two") == (["three"], [("one", "three")])
    whole = group_whole(mirror, "id-one")
    assert whole is not None
    assert {one.reference.name for one in whole.members} == {"ann", "one", "three"}


def test_a_group_is_told_whole_its_groups_first_and_strangers_counted(filled: Filled) -> None:
    mirror = filled(
        ANN,
        BOB,
        group("team", ANN.dn),
        group("all", BOB.dn, at("team"), ANN.dn, "uid=gone,dc=example,dc=com", owners=(BOB.dn,), aliases=("a@x.org",)),
    )
    whole = group_whole(mirror, "id-all")
    assert whole is not None
    assert [(one.kind, one.reference.id) for one in whole.members] == [
        (MemberKind.GROUP, "id-team"),
        (MemberKind.ACCOUNT, ANN.id),
        (MemberKind.ACCOUNT, BOB.id),
    ]
    assert (whole.unknown, [one.login for one in whole.owners]) == (1, ["bob"])
    assert (whole.mail, whole.aliases, whole.description) == ("all@example.com", ("a@x.org",), "What all is")
    assert group_whole(mirror, "id-gone") is None


def test_addresses_of_groups_are_taken(filled: Filled) -> None:
    mirror = filled(ANN, group("all", ANN.dn, aliases=("Every@Bücher.example",)))
    asked = ["every@xn--bcher-kva.example", "ALL@example.com", "all", "any@example.com"]
    assert taken(mirror, asked) == set(asked[:2])
    assert {address: one.id for address, one in groups_at(mirror, asked).items()} == dict.fromkeys(asked[:2], "id-all")
