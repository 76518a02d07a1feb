"""The detail says by which rule an account has its room, and where it departs from its rules."""

from dataclasses import replace

import pytest

from mailtui.desk import Desk
from mailtui.domain.account import Kind
from mailtui.domain.allocation import allocation, departures
from mailtui.domain.policy import Policy, Profile
from mailtui.ui.widgets.detail import Detail
from tests.ui.conftest import opened

STAFF = Policy(profiles=(Profile("staff", quota_bytes=(3 << 30) + (1 << 29), kind=Kind.PERSON, groups=("nobodys",)),))


@pytest.mark.parametrize("policy", [STAFF, Policy()])
async def test_the_rule_of_the_quota_and_each_departure_stand_in_the_detail(desk: Desk, policy: Policy) -> None:
    ruled = Desk(replace(desk.config, policy=policy), files=desk.files)
    async with opened(ruled, (200, 60)) as hands:
        await hands.press("slash", *"kind:person", "enter")
        detail = hands.find(Detail)
        await hands.until(lambda: detail.account is not None and detail.account.kind is Kind.PERSON, "a person")
        pieces = [piece.strip() for line in detail.lines for piece, _tone in line]
        text = " ".join(filter(None, pieces))
        account = detail.account
        assert account is not None
        said = [departure.sentence for departure in departures(account, allocation(account, policy))]
        assert all(f"! {sentence}" in text for sentence in said)
        assert bool(said) is bool(policy.profiles) is ("3.5 GiB · profile staff" in text)
