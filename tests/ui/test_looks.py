"""How a few screens look, as text; `UPDATE_LOOKS=1` writes them anew, to be read before they are kept."""

import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from mailtui.cache.writing import Cache
from mailtui.config import CacheConfig, Config, DirectoryConfig
from mailtui.desk import Desk
from mailtui.domain.account import Delivery, Kind, Standing
from mailtui.domain.batch import Closing, RowState
from mailtui.domain.change import Change
from mailtui.domain.mirror import AccountRecord, UnitRecord
from mailtui.domain.operator import Operator
from mailtui.domain.plan import Caution, Friction, Plan, PlanRow
from mailtui.paths import StorePaths
from mailtui.ui.dialogs.box import Box
from mailtui.ui.dialogs.plan import PlanDialog
from mailtui.ui.pace import Pace
from tests.ui.conftest import opened
from tests.ui.hands import Hands

LOOKS = Path(__file__).parent / "looks"
LONG_AGO = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
BASE = "dc=example,dc=com"
GIB = 1 << 30
PEOPLE = (
    ("ann.lee", "Ann Lee", "Sales", 10 * GIB, 4 * GIB, Standing.ACTIVE),
    ("bo.chan", "陈波", "Sales", 10 * GIB, 9 * GIB, Standing.ACTIVE),
    ("cy.grant", "Cy Grant-Featherstonehaugh of Somewhere", "Engineering", 0, GIB, Standing.ACTIVE),
    ("dan", "[/nope] Dan", "Engineering", None, 700 << 20, Standing.LOCKED),
    ("eve", "Eve \x1b[31m Red", "Engineering", 2 * GIB, 2 * GIB, Standing.DISABLED),
    ("fay", "ليلى منصور", "Finance", 5 * GIB, None, Standing.PENDING),
)
ROWS = (
    PlanRow("1", "ann.lee", "Ann Lee", "uid=ann.lee", (Change("accountStatus", (b"active",), (b"noaccess",)),)),
    PlanRow("2", "bo.chan", "陈波", "uid=bo.chan", (Change("accountStatus", add=(b"noaccess",)),)),
    PlanRow("3", "eve", "Eve", "uid=eve", skip="is disabled already"),
)


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock on the wall shows UTC."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def mirrored(tmp_path: Path) -> Desk:
    """A desk with a mirror of a few people, and no directory behind it."""
    files = StorePaths(tmp_path / "cache.db", tmp_path / "journal.db", tmp_path / "history.db")
    departments = sorted({department for _login, _name, department, *_rest in PEOPLE})
    with closing(Cache(files.cache)) as cache, cache.stage() as staging:
        staging.add([UnitRecord(str(UUID(int=n)), f"ou={d},{BASE}", d) for n, d in enumerate(departments, 100)])
        staging.add(record(number, *values) for number, values in enumerate(PEOPLE))
        staging.commit(as_of=datetime.now(UTC), cursor="timestamp", base=BASE)
    # A shared mirror: nobody tries to read the directory that is not there.
    config = Config(directory=DirectoryConfig(("ldap://127.0.0.1:1",), BASE), cache=CacheConfig(files.cache))
    return Desk(config, files=files)


def record(
    number: int, login: str, name: str, department: str, limit: int | None, used: int | None, standing: Standing
) -> AccountRecord:
    """Give the record of a person."""
    return AccountRecord(
        str(UUID(int=number)), f"uid={login},ou={department},{BASE}", login, name, f"{login}@example.com", Kind.PERSON,
        standing, Delivery.RECEIVE if standing is Standing.DISABLED else None, aliases=(f"{login}@old.example.com",),
        department_path=(department,), title="Clerk", employee_number=str(70_000 + number), phone="+39 02 5550",
        services=("imap", "smtp"), last_login=LONG_AGO, quota_limit=limit, quota_used=used, quota_as_of=LONG_AGO,
    )  # fmt: skip


@pytest.fixture
def size() -> tuple[int, int]:
    """How large the terminal is."""
    return 80, 24


@pytest.fixture
async def console(mirrored: Desk, size: tuple[int, int]) -> AsyncIterator[Hands]:
    """The console on it."""
    async with opened(mirrored, size) as hands:
        await hands.shows(len(PEOPLE))
        yield hands


def picture(hands: Hands) -> str:
    """Read the screen, or of a dialog what is within its frame."""
    lines = hands.screen().splitlines()
    for box in hands.app.screen.query(Box):
        lines = lines[box.region.y : box.region.bottom]
    return "\n".join(lines) + "\n"


async def looks_as_before(hands: Hands, name: str) -> None:
    """Compare the screen, once it is painted, with the one that was kept."""
    file = LOOKS / f"{name}.txt"
    if os.environ.get("UPDATE_LOOKS"):
        await hands.pilot.pause(1)
        file.parent.mkdir(exist_ok=True)
        file.write_text(picture(hands), encoding="utf-8")
    kept = file.read_text(encoding="utf-8")
    await hands.until(lambda: picture(hands) == kept, f"the screen to look as in {file.name}:\n{kept}")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_the_desk(console: Hands, size: tuple[int, int]) -> None:
    await console.press("down", "space", "down", "space")
    await console.sees("2 marked")
    await looks_as_before(console, f"desk-{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_detail(console: Hands, size: tuple[int, int]) -> None:
    await console.press("down", "down", "down", "down", "enter")
    await console.sees("Mailbox", "eve@example.com")
    await looks_as_before(console, f"detail-{size[0]}x{size[1]}")


async def test_the_quota_lens(console: Hands) -> None:
    await console.press("Q")
    await console.sees("Percent ▼")
    await looks_as_before(console, "lens-80x24")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_plan(console: Hands, size: tuple[int, int]) -> None:
    cautions = (
        Caution("manager", "Ann Lee is the manager of 12 accounts", "managers in the mirror", "1"),
        Caution("last", "陈波 is the last member of “Everybody who is anybody in the region of Somewhere”", "groups"),
    )
    plan = Plan("disable", "Disable 2 accounts", ROWS, Friction.COUNT, cautions, "HD-1", "left")
    console.app.push_screen(PlanDialog(plan, 1, Pace()))
    await console.sees("Type 2 and Enter", "Nothing to do for 1 account")
    await looks_as_before(console, f"plan-{size[0]}x{size[1]}")


async def test_a_batch(mirrored: Desk) -> None:
    rows = [PlanRow(str(n), f"login{n}", f"Person {n}", f"uid=login{n},{BASE}", ROWS[0].changes) for n in (1, 2, 3)]
    plan = Plan("disable", "Disable 3 accounts", (*rows, ROWS[2]), Friction.COUNT, (), "HD-1", "left")
    with closing(mirrored.journal()) as journal:
        name = journal.open_batch(plan, Operator("operator", "root", ""), LONG_AGO)
        journal.advance(name, [], (1, 2, 3), LONG_AGO)
        ends = (
            Closing(1, RowState.VERIFIED),
            Closing(2, RowState.FAILED, "the directory said insufficientAccessRights: no"),
            Closing(3, RowState.CONFLICT, "accountStatus was changed since"),
        )
        journal.advance(name, ends, (), LONG_AGO)
        journal.close_batch(name, LONG_AGO)
    async with opened(mirrored) as console:
        await console.press("b")
        await console.sees("B1", "partial")
        await console.press("enter")
        await console.sees("B1 Disable", "Person 3")
        await looks_as_before(console, "batch-80x24")


async def test_the_keys(console: Hands) -> None:
    await console.press("?")
    await console.sees("One line up", "Esc back")
    await looks_as_before(console, "keys-80x24")
