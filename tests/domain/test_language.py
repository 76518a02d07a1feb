"""Search words taken apart: those of growth, of days to full, and of who never logged in."""

import pytest

from mailtui.domain.language import Condition, Field, parse
from mailtui.errors import UsageError


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("growth>1GB", Condition(Field.GROWTH, ">", "1GB", 1 << 30)),
        ("full<2w", Condition(Field.FULL, "<", "2w", 14)),
        ("is:full", Condition(Field.IS, ":", "full")),
        ("never", Condition(Field.IS, ":", "never")),
        ("-NEVER", Condition(Field.IS, ":", "never", is_negated=True)),
    ],
)
def test_what_is_told_of_growth_and_use_is_a_search_word(typed: str, meant: Condition) -> None:
    assert parse(f"anna {typed}").conditions == (meant,)
    assert parse(f"anna {typed}").words == ("anna",)


def test_never_is_a_name_where_it_is_part_of_one_or_quoted() -> None:
    assert parse('neverov "never"').words == ("neverov", "never")


@pytest.mark.parametrize(
    ("typed", "hint"), [("full<soon", "full<14d"), ("growth>much", "1.5GB"), ("full:14d", "full<14d")]
)
def test_a_word_that_makes_no_sense_is_told_how_to_be_written(typed: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(typed)
    assert hint in refused.value.hint
