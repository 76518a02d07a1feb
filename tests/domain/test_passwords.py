"""Passwords that are typed: what is taken, and what is not."""

import pytest

from mailtui.domain.passwords import check_typed
from mailtui.domain.secret import Secret
from mailtui.errors import Refused

NAMES = ("chen.jing", "Chen Jing")


@pytest.mark.parametrize("text", ["wood-6-rain", "chen.jing.2", "a phrase of words", "密码-密码-密码"])
def test_what_can_be_typed_and_not_guessed_is_taken(text: str) -> None:
    check_typed(Secret(text), Secret(text), NAMES, 8)


@pytest.mark.parametrize(
    ("first", "again", "said"),
    [
        ("wood-6-rain", "wood-6-Rain", "not the same"), ("wood-6", "wood-6", "too short"), ("", "", "too short"),
        ("Chen.Jing", "Chen.Jing", "is the name"), ("chenJING", "chenJING", "is the name"),
        ("wood-6\train", "wood-6\train", "printed"), ("wood-6\udcffrain", "wood-6\udcffrain", "printed"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_without_being_shown(first: str, again: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        check_typed(Secret(first), Secret(again), NAMES, 8)
    assert refused.value.hint
    assert not first or first not in f"{refused.value.message} {refused.value.hint}"
