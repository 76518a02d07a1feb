"""What holds for any directory and any batches: nothing is lost that can be taken back, and nobody's work is."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mailtui.demo.address import DemoAddress
from mailtui.domain.batch import Batch, RowState
from mailtui.domain.change import applied
from mailtui.domain.operator import Operator
from mailtui.domain.plan import Plan
from mailtui.errors import NothingToDo, Refused
from mailtui.plans.catalogue import by_name
from mailtui.plans.tasks import AnswerKind, Question, Task
from tests.apply.conftest import FORWARDS, QUOTA, STATUS, Raw, World, world_on
from tests.apply.faulty import Meeting, Plain

HEIR = b"heir@example.com"
ADDRESSES = st.sampled_from(
    [b"a@home.net", b"A@Home.Net", b"b@xn--bcher-kva.example", HEIR, HEIR.upper(), b"c d@x.net"]
)
TEXTS = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=12).filter(str.strip)
ENTRIES = st.fixed_dictionaries(
    {
        STATUS: st.sampled_from(["", "active", "Active", "noaccess", "NOACCESS", "disabled", "deleted", "odd"]).map(
            lambda status: [status.encode()] if status else []
        ),
        FORWARDS: st.lists(ADDRESSES, unique_by=bytes.lower, max_size=4),
        "mailAlternateAddress": st.lists(ADDRESSES, unique_by=bytes.lower, max_size=3),
        QUOTA: st.sampled_from([[], [b"0"], [b"1048576"], [b"10737418240"], [b"1152921504606846976"]]),
        "title": st.lists(TEXTS.map(str.encode), max_size=1),
        "description": st.lists(TEXTS.map(str.encode), max_size=2, unique_by=lambda value: value.decode().casefold()),
    }
)
# Those that any account of ENTRIES can be put through, whatever else there is in the directory.
TASKS = [by_name(name) for name in ("disable", "enable", "set-quota", "stop-forward")]
SIZES = st.sampled_from(["1GiB", "10GiB", "+2GiB", "-1MiB", "unlimited", "default", "1048576"])
Chosen = tuple[str, dict[str, Any]]


def answer(question: Question) -> st.SearchStrategy[Any]:
    """Give answers to a question; an address stands for one that is hired for it."""
    return {
        AnswerKind.CHOICE: st.sampled_from([choice.value for choice in question.choices] or [""]),
        AnswerKind.FLAG: st.booleans(),
        AnswerKind.ADDRESS: st.just(HEIR.decode()),
        AnswerKind.SIZE: SIZES,
    }[question.kind]


@st.composite
def chosen(draw: st.DrawFn, tasks: Sequence[Task] = TASKS) -> Chosen:
    """Choose a task of the catalogue and answers to its questions."""
    task = draw(st.sampled_from(tasks))
    answers: dict[str, Any] = {}
    for question in task.questions:
        if question.is_asked(answers):
            answers[question.name] = draw(answer(question))
    return task.name, answers


EMBEDDED = pytest.mark.parametrize("address", ["embedded"], indirect=True)
SLAPD = pytest.mark.parametrize("address", [pytest.param("slapd", marks=pytest.mark.server)], indirect=True)
TAILS = st.sampled_from(["", ", Öl", "+x=1", ' "q" \\', " #", "张"])
PEOPLE = st.lists(st.tuples(ENTRIES, TAILS), min_size=1, max_size=4)
People = list[tuple[Raw, str]]


def examples(count: int) -> settings:
    """Give settings by which the same examples are tried each time."""
    return settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        database=None,
    )


def plan(world: World, dns: Sequence[str], task: Chosen, heir: str) -> Plan:
    """Plan a task; what its planner refuses is no example."""
    name, answers = task
    asked = {key: heir if value == HEIR.decode() else value for key, value in answers.items()}
    try:
        return world.plan(name, dns, **asked)
    except Refused:
        assume(False)
        raise


def is_relative(task: Chosen) -> bool:
    """Tell whether a task asks for more or less of something than there is: twice is twice as much."""
    return any(isinstance(value, str) and value[:1] in {"+", "-"} for value in task[1].values())


def apply_and_take_back(world: World, people: People, tasks: Sequence[Chosen]) -> None:
    """Carry batches out, each twice, take them back in turn, and take the last undo back."""
    dns = [world.person(*person) for person in people]
    heir = world.person({"mail": [HEIR]})
    history: list[tuple[Batch, list[dict[str, set[bytes]]]]] = []
    for task in tasks:
        before = world.entries([*dns, heir])
        planned = plan(world, dns, task, heir)
        done = world.do(planned)
        assert done.is_clean
        after = world.entries([*dns, heir])
        changes_nothing_more(world, dns, task, heir, planned, done)
        assert world.entries([*dns, heir]) == after
        history.append((done, before))
    after = world.entries([*dns, heir])
    for done, before in reversed(history):
        try:
            undone = world.undo(done)
        except NothingToDo:
            assert not done.counts[RowState.VERIFIED]
        else:
            assert undone.is_clean
        assert world.entries([*dns, heir]) == before
    if len(tasks) == 1 and history[0][0].counts[RowState.VERIFIED]:
        assert world.undo(undone).is_clean
        assert world.entries([*dns, heir]) == after


def changes_nothing_more(world: World, dns: Sequence[str], task: Chosen, heir: str, planned: Plan, done: Batch) -> None:
    """Do the same again: the batch, the plan as it was, and the task planned anew."""
    assert world.carry_out(done.id).rows == done.rows
    assert world.carry_out(done.id, retry=True).rows == done.rows
    stale = world.do(planned)
    assert {str(row.state) for row in stale.rows} <= {"conflict", "skipped"}
    assert stale.counts[RowState.CONFLICT] == done.counts[RowState.VERIFIED]
    if not is_relative(task):
        again = world.do(plan(world, dns, task, heir))
        assert {str(row.state) for row in again.rows} == {"skipped"}
        assert all(row.detail for row in again.rows)


@EMBEDDED
@examples(35)
@given(people=PEOPLE, tasks=st.lists(chosen(), min_size=1, max_size=3))
def test_batches_are_taken_back_byte_for_byte(world: World, people: People, tasks: list[Chosen]) -> None:
    apply_and_take_back(world, people, tasks)


@SLAPD
@examples(12)
@given(people=PEOPLE, tasks=st.lists(chosen(), min_size=1, max_size=2))
def test_batches_are_taken_back_byte_for_byte_on_slapd(world: World, people: People, tasks: list[Chosen]) -> None:
    apply_and_take_back(world, people, tasks)


@dataclass(frozen=True)
class Interleaving:
    """How two operators get in each other's way: what each does to which of the people, when, and what is undone."""

    people: People
    tasks: tuple[Chosen, Chosen]
    chosen: tuple[list[bool], list[bool]]
    at_once: bool
    has_controls: bool
    undoers: list[int]

    def dns(self, operator: int, dns: Sequence[str]) -> list[str]:
        """Give whom an operator has chosen; everybody where that would be nobody."""
        some = [dn for dn, is_chosen in zip(dns, self.chosen[operator], strict=False) if is_chosen]
        return some or list(dns)


INTERLEAVINGS = st.builds(
    Interleaving,
    people=PEOPLE,
    tasks=st.tuples(chosen(), chosen()),
    chosen=st.tuples(*[st.lists(st.booleans(), min_size=4, max_size=4)] * 2),
    at_once=st.booleans(),
    has_controls=st.booleans(),
    undoers=st.lists(st.sampled_from([0, 1]), max_size=3),
)


@pytest.fixture
def operators(address: DemoAddress, tmp_path: Path) -> Iterator[tuple[World, World]]:
    """Two operators on one directory, each with a connection and a journal of their own."""
    with ExitStack() as stack:
        kim, lee = (
            stack.enter_context(world_on(address, tmp_path / f"{name}.db", Operator(f"uid={name}", name)))
            for name in ("kim", "lee")
        )
        yield kim, lee


def do_both(operators: tuple[World, World], plans: Sequence[Plan], case: Interleaving) -> list[Batch]:
    """Carry two plans out: one after the other, or so that both have read before either writes."""
    barrier = Barrier(max(1, sum(bool(one.changing) for one in plans)))

    def do(number: int) -> Batch:
        directory = operators[number].directory
        directory = directory if case.has_controls else Plain(directory)
        return operators[number].do(plans[number], Meeting(directory, barrier) if case.at_once else directory)

    if not case.at_once:
        return [do(0), do(1)]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(do, (0, 1)))


def undone(world: World, batch: Batch) -> list[Batch]:
    try:
        return [world.undo(batch)]
    except NothingToDo:
        return []


def get_in_each_others_way(operators: tuple[World, World], case: Interleaving) -> None:
    """Carry two plans out that were made from the same state, undo some, and account for every value."""
    kim = operators[0]
    dns, heir = [kim.person(*person) for person in case.people], kim.person({"mail": [HEIR]})
    start = kim.entries(dns)
    plans = [plan(world, case.dns(number, dns), case.tasks[number], heir) for number, world in enumerate(operators)]
    done = do_both(operators, plans, case)
    batches = list(done)
    for number in case.undoers:
        batches += undone(operators[number], done[number])
    end = kim.entries(dns)
    for dn, first, last in zip(dns, start, end, strict=True):
        for attribute in (STATUS, FORWARDS, QUOTA):
            values = (frozenset(first.get(attribute, ())), frozenset(last.get(attribute, ())))
            assert is_accounted_for(kim, attribute, *values, batches, dn)
        assert {k: v for k, v in first.items() if k not in {STATUS, FORWARDS, QUOTA}} == {
            k: v for k, v in last.items() if k not in {STATUS, FORWARDS, QUOTA}
        }


Held = frozenset[bytes]


def is_accounted_for(world: World, attribute: str, first: Held, last: Held, batches: Sequence[Batch], dn: str) -> bool:
    """Tell whether nobody's value was lost unseen: the writes told as verified lead from what was to what is.

    Each began with just the values that the one before had left, so whoever overwrote them had read them. Where a row
    is told as drifted, its operator was told.
    """
    rows = [row for batch in batches for row in batch.rows if row.dn == dn]
    assert {row.state for row in rows} <= {
        RowState.VERIFIED, RowState.SKIPPED, RowState.CONFLICT, RowState.DRIFTED,
    }  # fmt: skip
    assert all(row.detail for row in rows if row.state is not RowState.VERIFIED)
    if any(row.state is RowState.DRIFTED for row in rows):
        return True
    rule = world.schema.rule(attribute)
    writes = [
        (frozenset(before.values), frozenset(applied(row.changes, before, rule).values))
        for row in rows
        if row.state is RowState.VERIFIED
        for before in row.before or ()
        if before.attribute == attribute
    ]
    return any(leads(first, last, order) for order in permutations(writes))


def leads(first: Held, last: Held, writes: Sequence[tuple[Held, Held]]) -> bool:
    for before, after in writes:
        if before != first:
            return False
        first = after
    return first == last


@EMBEDDED
@examples(60)
@given(case=INTERLEAVINGS)
def test_two_operators_never_lose_each_others_values_unseen(operators: tuple[World, World], case: Interleaving) -> None:
    get_in_each_others_way(operators, case)


@SLAPD
@examples(15)
@given(case=INTERLEAVINGS)
def test_two_operators_never_lose_each_others_values_unseen_on_slapd(
    operators: tuple[World, World], case: Interleaving
) -> None:
    get_in_each_others_way(operators, replace(case, at_once=True))
