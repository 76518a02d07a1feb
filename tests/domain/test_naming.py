"""Log-ins proposed for names: by pattern, never reserved, never taken."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mailtui.domain.naming import propose
from mailtui.domain.patterns import FIELDS, fill, parse_pattern
from mailtui.domain.policy import RESERVED_NAMES
from mailtui.errors import Refused, UsageError

ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
DOT_STRING = re.compile(rf"{ATOM}(?:\.{ATOM})*")
PARTS = {"given": "anna", "surname": "berg", "g": "a", "s": "b", "name": "anna.berg"}


def free(_key: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("pattern", "login"),
    [
        ("{given}.{surname}", "anna.berg"), ("{g}{surname}", "aberg"), ("{surname}{g}", "berga"), ("{given}", "anna"),
        ("{surname}", "berg"), ("{s}_{given}", "b_anna"), ("x-{name}", "x-anna.berg"), ("{g}.{g}.{s}", "a.a.b"),
    ],
)  # fmt: skip
def test_a_pattern_is_filled_with_the_parts_of_a_name(pattern: str, login: str) -> None:
    assert fill(pattern, PARTS) == login


@pytest.mark.parametrize("pattern", ["{given}.{surname}", "{surname}-.{given}", "{given}_{surname}.x", ".{given}"])
def test_an_empty_part_takes_what_joins_it_away(pattern: str) -> None:
    login = fill(pattern, {**PARTS, "surname": ""})
    assert login in {"anna", "anna_x"}


@pytest.mark.parametrize(
    "pattern", ["", "anna", "{given", "{given} {surname}", "{given}@x", "{Given}", "{sirname}", "{}"]
)
def test_what_makes_no_log_in_is_no_pattern(pattern: str) -> None:
    with pytest.raises(UsageError) as failure:
        parse_pattern(pattern)
    assert failure.value.hint


def test_the_nearest_part_is_offered() -> None:
    with pytest.raises(UsageError) as failure:
        parse_pattern("{sirname}")
    assert "{surname}" in failure.value.hint


def test_the_first_pattern_that_is_free_decides_and_then_a_number() -> None:
    patterns = ["{surname}.{given}", "{g}{surname}"]
    held = {"zhang.wei"}
    assert propose("Wei", "Zhang", patterns, "example.com", held.__contains__).login == "wzhang"
    held.add("wzhang@example.com")
    assert propose("Wei", "Zhang", patterns, "example.com", held.__contains__).login == "zhang.wei2"
    held.add("zhang.wei2@example.com")
    proposal = propose("Wei", "Zhang", patterns, "example.com", held.__contains__)
    assert (proposal.login, proposal.address) == ("zhang.wei3", "zhang.wei3@example.com")


def test_a_reserved_name_gets_a_number() -> None:
    assert propose("Root", "", "{given}", "x.example", free).login == "root2"
    assert propose("Anna", "", "{given}", "x.example", free, reserved=["ANNA", "anna2"]).login == "anna3"


def test_a_long_name_leaves_room_for_its_number() -> None:
    first = propose("Anna" * 30, "", "{given}", "x.example", free).login
    second = propose("Anna" * 30, "", "{given}", "x.example", {first}.__contains__).login
    assert (len(first), len(second), second[-1]) == (64, 64, "2")


def test_what_can_be_given_to_nobody_is_refused() -> None:
    with pytest.raises(UsageError, match="No log-in"):
        propose("...", "", "{given}", "x.example", free)
    with pytest.raises(UsageError, match="Latin"):
        propose("Иван", "Петров", "{given}", "x.example", free)
    with pytest.raises(Refused, match="taken"):
        propose("Anna", "Berg", "{given}", "x.example", lambda _key: True)


LETTERS = st.text(
    st.one_of(
        st.sampled_from("AnnaBergZhouéßøłÆüÖ -.'_0129·"), st.characters(min_codepoint=0x20, max_codepoint=0x24F),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    ),
    max_size=80,
)  # fmt: skip
PIECES = st.sampled_from([*("{" + name + "}" for name in FIELDS), ".", "-", "_", "x", "7"])


@given(
    LETTERS, LETTERS, st.lists(PIECES, min_size=1, max_size=5).map("".join),
    st.sets(st.sampled_from([*RESERVED_NAMES, "anna", "a", "x", "zhou.zhou", "7"])), st.sampled_from(["ae", "a"]),
)  # fmt: skip
def test_a_proposal_is_a_local_part_that_nobody_has_and_nobody_may_not_have(
    given_name: str, surname: str, pattern: str, held: set[str], umlauts: str
) -> None:
    assume("{" in pattern)
    readings = dict.fromkeys((c for c in given_name + surname if c >= "\u4e00"), "zhou")
    asked: list[str] = []

    def is_taken(key: str) -> bool:
        asked.append(key)
        return key.partition("@")[0] in held or len(asked) < 5

    try:
        proposal = propose(given_name, surname, pattern, "x.example", is_taken, readings=readings, umlauts=umlauts)
    except UsageError:
        return
    assert DOT_STRING.fullmatch(proposal.login)
    assert len(proposal.login) <= 64
    assert proposal.login not in held | set(RESERVED_NAMES)
    assert {proposal.login, proposal.address} <= set(asked)
    assert proposal.address == f"{proposal.login}@x.example"
