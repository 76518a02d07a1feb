"""Finding and looking: units, search, order, panes, detail, quota lens."""

import pytest

from mailtui.desk import Desk
from mailtui.domain.change import Change
from mailtui.queries.views import Sort
from mailtui.ui.looking import Looking
from mailtui.ui.screens.view import DeskView
from mailtui.ui.widgets.detail import Detail
from mailtui.ui.widgets.org_tree import OrgTree
from tests.servers.changing import modify
from tests.ui.conftest import opened
from tests.ui.hands import Hands

LABELS = (
    "Standing", "Kind", "Forwards to", "Expires", "Profile", "Limit", "Used", "Figure from", "Title", "Employee no",
    "Phone", "Department", "Manager", "Services", "Last log-in", "Groups", "DN",
)  # fmt: skip


async def test_the_tree_is_walked_and_the_list_follows(hands: Hands) -> None:
    tree = hands.find(OrgTree)
    await hands.press("1")
    assert tree.has_focus
    everybody = len(hands.table.rows)
    wanted = next(place for place, branch in enumerate(tree.branches) if branch.can_open and branch.depth == 2)
    await hands.press(*["down"] * wanted, "right")
    branch = tree.branches[wanted]
    assert branch.is_open
    assert branch.unit is not None
    await hands.shows(branch.unit.accounts)
    await hands.sees(f"2 Accounts · {branch.name}")
    assert tree.branches[wanted + 1].depth == 3

    await hands.press("left")
    assert not tree.branches[wanted].is_open
    await hands.press("enter")
    assert hands.table.has_focus
    await hands.press("escape")
    await hands.shows(everybody)


async def test_units_are_read_when_they_are_unfolded_and_long_levels_are_cut(desk: Desk) -> None:
    looking = Looking(desk)
    asked: list[str | None] = []

    def units(above: str | None) -> list:  # type: ignore[type-arg]
        asked.append(above)
        return looking.units(None)[:1] * 600

    async with opened(desk) as hands:
        tree = hands.find(OrgTree)
        tree._children_of = units
        tree.branches = ()
        tree.load(1)
        assert asked == [None, None]
        names = [str(line[1][0]).strip() for line in tree.lines]
        assert len(names) == 1 + 500 + 1
        assert names[-1].startswith("… 100 more")
    looking.close()


async def test_each_letter_narrows_and_escape_widens(hands: Hands) -> None:
    everybody = len(hands.table.rows)
    await hands.press("/")
    await hands.write("an")
    await hands.until(lambda: len(hands.table.rows) < everybody, "fewer accounts")
    await hands.sees(f"{len(hands.table.rows)} of {everybody}")
    await hands.press("enter")
    assert hands.table.has_focus
    await hands.press("escape")
    await hands.shows(everybody)


async def test_letters_typed_into_the_search_do_nothing_else(hands: Hands) -> None:
    await hands.press("/")
    await hands.write("xeupbq=?*!U/1")
    assert hands.find(DeskView).listing.view.query == "xeupbq=?*!U/1"
    await hands.sees("Nobody matches")
    assert len(hands.app.screen_stack) == 1


async def test_a_search_that_is_none_yet_is_explained_and_not_an_error(hands: Hands) -> None:
    await hands.press("/")
    await hands.write("quota>lots")
    await hands.sees("no search word that is known")
    assert len(hands.app.screen_stack) == 1


@pytest.mark.parametrize("key", ["o", "O"])
async def test_sorting_keeps_the_account_at_hand(hands: Hands, key: str) -> None:
    await hands.press("down", "down", "down", "down")
    account = hands.table.account
    before = list(hands.table.rows)
    await hands.press("o", "o", key)
    view = hands.find(DeskView)
    await hands.until(lambda: list(hands.table.rows) != before, "another order")
    assert view.listing.view.sort is not Sort.MATCH
    assert account is not None
    await hands.until(lambda: hands.table.account == account, "the account at hand again")


async def test_the_lens_shows_the_fullest_first_and_takes_letters_at_once(hands: Hands) -> None:
    await hands.press("Q")
    await hands.sees("2 Quotas", "Limit", "Used", "Percent ▼")
    lines = [hands.table._windows[place] for place in range(10)]
    percents = [line.percent for line in lines if line and line.percent is not None]
    assert percents == sorted(percents, reverse=True)
    await hands.write("a")
    assert hands.find(DeskView).listing.view.query == "a"
    await hands.press("escape", "escape", "escape")
    await hands.sees("2 Accounts", "Standing")


async def test_at_80_columns_one_side_pane_shows_and_the_keys_unfold_the_other(hands: Hands) -> None:
    await hands.sees("1 Units", "2 Accounts")
    assert "3 Detail" not in hands.screen()
    await hands.press("enter")
    await hands.sees("3 Detail", "Mailbox")
    assert "1 Units" not in hands.screen()
    await hands.press("escape")
    await hands.sees("1 Units")
    await hands.press("1")
    await hands.press("1")
    await hands.misses("1 Units")
    await hands.press("tab")
    await hands.sees("3 Detail")
    await hands.press("tab")
    await hands.sees("1 Units")
    await hands.press("2")
    assert hands.table.has_focus


async def test_at_120_columns_all_panes_show(desk: Desk) -> None:
    async with opened(desk, (120, 40)) as hands:
        await hands.sees("1 Units", "2 Accounts", "3 Detail", "Employee no")


async def test_the_detail_holds_everything_and_its_age(desk: Desk) -> None:
    async with opened(desk, (200, 60)) as hands:
        detail = hands.find(Detail)
        await hands.until(lambda: detail.account is not None, "an account")
        account = detail.account
        assert account is not None
        text = "\n".join("".join(piece for piece, _tone in line) for line in detail.lines)
        for value in (account.name, account.login, account.mail, *account.aliases, "read just now", account.id):
            assert str(value) in text
        for label in LABELS:
            assert label in text


async def test_the_cursor_goes_to_the_ends_and_by_pages(hands: Hands) -> None:
    last = len(hands.table.rows) - 1
    for keys, place in ((("G",), last), (("g",), 0), (("pagedown",), 18), (("pageup",), 0), (("j", "j", "k"), 1)):
        await hands.press(*keys)
        assert hands.table.cursor == place
    await hands.press("end")
    await hands.press("down")
    assert hands.table.cursor == last


async def test_the_address_is_copied_and_shown(hands: Hands) -> None:
    account = hands.table.account
    assert account is not None
    assert account.mail is not None
    await hands.press("y")
    await hands.sees(f"Copied: {account.mail}")
    assert hands.app.clipboard == account.mail
    await hands.press("down")
    await hands.misses("Copied")


async def test_a_refresh_shows_what_changed_in_the_directory(hands: Hands, desk: Desk) -> None:
    account = hands.table.account
    assert account is not None
    with desk.connected() as directory:
        (entry,) = directory.read_ids([account.id], ["displayName", "cn"]).values()
        old = entry.get("displayName")
        modify(directory, entry.dn, [Change("displayName", remove=old, add=(b"A New Name",))])
    assert "A New Name" not in hands.screen()
    await hands.press("r")
    await hands.sees("A New Name")
    assert hands.table.account == hands.table._windows[hands.table.cursor]
