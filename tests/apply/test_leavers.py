"""Leavers on real directories: what goes comes back with the undo, and who is not switched off keeps all they have."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.domain.batch import BatchState, RowState
from mailtui.domain.rights import EVERYBODY, OperatorRule, Role
from mailtui.errors import NothingToDo, Refused
from tests.apply.conftest import FORWARDS, STATUS, World
from tests.apply.desks import At, Opening, opening
from tests.apply.test_structures import EMBEDDED, OFFICES, SLAPD, Office, everything, examples, furnished

WHO = st.sets(st.integers(0, 3), min_size=1, max_size=4).map(sorted)
ANSWERS = st.fixed_dictionaries(
    {
        "delivery": st.sampled_from(["receive", "bounce"]),
        "groups": st.sampled_from(["leave", "keep"]),
        "until": st.sampled_from(["", "+90d"]),
        "successor": st.none() | st.integers(0, 3),
    }
)


@pytest.fixture
def at(world: World, tmp_path: Path) -> Opening:
    """Give what opens a desk with so many people, all of them mirrored."""
    return opening(world, tmp_path)


def address_of(here: At, one: int) -> str:
    """Give the address of one of the people."""
    (mail,) = here.world.values(here.dns[one], "mail")
    return mail.decode()


def let_go_and_take_back(
    world: World, office: Office, who: Sequence[int], answers: dict[str, Any], folder: Path
) -> None:
    """Switch leavers off twice, with nothing left to do the second time, and take it back."""
    here, groups, _unit = furnished(world, office, folder)
    ids, before = here.ids, everything(world)
    successor = answers["successor"]
    asked = {**answers, "successor": "" if successor is None else address_of(here, successor)}
    try:
        plan = here.desk.plans.prepare("leaver", [ids[one] for one in who], asked)
    except Refused:
        assert successor in who
        return
    done = here.do(plan)
    assert done.is_clean, [(row.dn, row.state, row.detail) for row in done.rows]
    after = everything(world)
    assert all(after[here.dns[one]][STATUS] for one in who)
    assert all(after[group]["member"] for group in groups)
    assert not here.desk.plans.prepare("leaver", [ids[one] for one in who], asked).changing
    back = here.desk.plans.prepare_undo(done.id)
    assert back.size == plan.size == len(who)
    assert here.do(back).is_clean
    assert everything(world) == before


@EMBEDDED
@examples(8)
@given(office=OFFICES, who=WHO, answers=ANSWERS)
def test_what_leavers_gave_up_comes_back_byte_for_byte(
    world: World, tmp_path: Path, office: Office, who: list[int], answers: dict[str, Any]
) -> None:
    let_go_and_take_back(world, office, who, answers, tmp_path)


@SLAPD
@examples(5)
@given(office=OFFICES, who=WHO, answers=ANSWERS)
def test_what_leavers_gave_up_comes_back_byte_for_byte_on_slapd(
    world: World, tmp_path: Path, office: Office, who: list[int], answers: dict[str, Any]
) -> None:
    let_go_and_take_back(world, office, who, answers, tmp_path)


def office_of_four(at: Opening) -> tuple[At, str]:
    """Open a desk: the last of four stays, and reports to the first, who owns the group that all are in."""
    here = at(4)
    here.world.change(here.dns[3], "manager", here.dns[0].encode())
    group = here.world.group(*here.dns, owners=here.dns[:1])
    here.desk.sync(lambda _progress: None, Event())
    return here, group


def test_who_was_changed_meanwhile_is_not_switched_off_and_keeps_groups_and_reports(at: Opening) -> None:
    here, group = office_of_four(at)
    successor = here.world.person()
    here.desk.sync(lambda _progress: None, Event())
    (mail,) = here.world.values(successor, "mail")
    plan = here.desk.plans.prepare("leaver", here.ids[:3], {"successor": mail.decode()})
    here.world.change(here.dns[0], STATUS, b"disabled")
    batch = here.do(plan)
    assert batch.state is BatchState.PARTIAL
    assert [row.state for row in batch.rows[:3]] == [RowState.CONFLICT, RowState.VERIFIED, RowState.VERIFIED]
    assert here.world.values(group, "member") == {here.dns[0].encode(), here.dns[3].encode()}
    assert here.world.values(group, "owner") == {here.dns[0].encode()}
    assert here.world.values(here.dns[3], "manager") == {here.dns[0].encode()}
    with pytest.raises(Refused, match="cannot be planned again"):
        here.desk.plans.prepare_again(batch.id, conflicts=True)
    again = here.do(here.desk.plans.prepare("leaver", here.ids[:3], {"successor": mail.decode()}))
    assert again.is_clean
    assert here.world.values(group, "member") == {here.dns[3].encode()}
    assert here.world.values(group, "owner") == {successor.encode()}
    assert here.world.values(here.dns[3], "manager") == {successor.encode()}


def test_enabled_again_they_have_their_forwards_and_no_last_day_and_their_reports_lose_nothing(at: Opening) -> None:
    here, _group = office_of_four(at)
    leaver, report = here.ids[0], here.ids[3]
    before = here.world.entries(here.dns[:1])
    here.do(here.desk.plans.prepare("leaver", [leaver], {"successor": address_of(here, 1), "until": "+30d"}))
    assert here.world.values(here.dns[0], "expiredDate")
    here.do(here.desk.plans.prepare("disable", [report], {}))
    with closing(here.desk.mirror()) as mirror:
        [cause] = here.desk.causes(mirror.by_ids([leaver])[0])
    assert f"since batch {here.desk.batches()[1].id}" in cause.text
    enabled = here.do(here.desk.plans.prepare("enable", [leaver, report], {}))
    assert enabled.is_clean
    assert here.world.entries(here.dns[:1]) == before
    assert here.world.values(here.dns[3], FORWARDS) == {b"a@home.net"}
    assert here.world.values(here.dns[3], "manager") == {here.dns[1].encode()}


def test_who_may_let_people_of_a_unit_go_may_take_that_back_though_their_reports_are_elsewhere(at: Opening) -> None:
    here = at(3)
    unit, rdn = here.world.unit(), here.dns[0].partition(",")[0]
    here.world.second.modify_dn(here.dns[0], rdn, new_superior=unit)
    here.dns[0] = f"{rdn},{unit}"
    here.world.change(here.dns[1], "manager", here.dns[0].encode())
    here.desk.sync(lambda _progress: None, Event())
    name = unit.partition(",")[0].partition("=")[2]
    rule = OperatorRule(1, who=EVERYBODY, role=Role.HELPDESK, units=(name,))
    here.desk.config = replace(here.desk.config, operators=(rule,))
    leaver, report, _successor = here.ids
    done = here.do(here.desk.plans.prepare("leaver", [leaver], {"successor": address_of(here, 2)}))
    assert here.world.values(here.dns[1], "manager") == {here.dns[2].encode()}
    assert here.do(here.desk.plans.prepare_undo(done.id)).is_clean
    with pytest.raises(Refused, match="You may not"):
        here.desk.plans.prepare("leaver", [report], {})


def test_a_last_seat_is_told_and_kept_by_nobody_else(at: Opening) -> None:
    here = at(2)
    mailbox = here.world.person({"employeeType": [b"shared"]})
    login = mailbox.partition(",")[0].partition("=")[2]
    seats = here.world.group(here.dns[0], name=login)
    here.desk.sync(lambda _progress: None, Event())
    plan = here.desk.plans.prepare("leaver", here.ids[:1], {})
    assert {"last-seat", "only-member"} <= {caution.kind for caution in plan.warnings}
    batch = here.do(plan)
    assert batch.state is BatchState.DONE
    assert here.world.values(seats, "member") == {here.dns[0].encode()}
    with pytest.raises(NothingToDo):
        here.desk.plans.prepare_again(batch.id)
