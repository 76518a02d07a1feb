"""The rules of the sample company: for everybody there is one, its groups are there, and few depart from all."""

from collections import Counter
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from mailtui.cli.context import demo_config
from mailtui.config import Config
from mailtui.demo import service
from mailtui.demo.allotments import DEPARTMENTS, PROFILES
from mailtui.desk import OPERATOR, Desk
from mailtui.domain.account import Account
from mailtui.domain.allocation import allocation, departures
from mailtui.domain.policy import Department, Policy
from mailtui.paths import StorePaths
from mailtui.queries.groups import groups_called
from mailtui.queries.views import View


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk on the sample company, as the demo opens it; the mirror outlives the directory."""
    folder: Path = tmp_path_factory.mktemp("demo")
    with service.temporary(600, 1) as address:
        desk = Desk(
            demo_config(Config(), address),
            files=StorePaths(folder / "cache.db", folder / "journal.db", folder / "history.db"),
        )
        desk.give_password(OPERATOR, address.password, is_made=True)
        desk.sync(lambda _progress: None, Event())
    return desk


@pytest.fixture(scope="module")
def accounts(desk: Desk) -> list[Account]:
    with closing(desk.mirror()) as mirror:
        return list(mirror.accounts(View(""), 10_000))


def test_everybody_has_a_profile_and_every_profile_somebody(desk: Desk, accounts: list[Account]) -> None:
    counted = Counter(allocation(account, desk.policy).profile for account in accounts)
    assert set(counted) == {profile.name for profile in PROFILES}
    assert counted.most_common(1)[0][0] == "staff"


def test_some_depart_from_their_rules_and_most_do_not(desk: Desk, accounts: list[Account]) -> None:
    told = [departures(account, allocation(account, desk.policy)) for account in accounts]
    departing = sum(map(bool, told))
    assert len(accounts) / 10 < departing < len(accounts) / 2
    assert {"quota", "services", "groups", "expiry"} == {each.what.value for found in told for each in found}


def test_what_the_rules_name_is_there(desk: Desk) -> None:
    named = {name for rule in (*PROFILES, *DEPARTMENTS) for name in rule.groups}
    with closing(desk.mirror()) as mirror:
        assert set(groups_called(mirror, named)) == {name.casefold() for name in named}
        for department in DEPARTMENTS:
            assert len(mirror.exact(department.owner)) == 1


def test_a_site_with_rules_of_its_own_keeps_them() -> None:
    own = Policy(departments=(Department("Sales"),))
    with service.temporary(0, 1) as address:
        assert demo_config(Config(policy=own), address).policy == own
