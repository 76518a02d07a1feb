"""Names taken apart, and spelled in plain letters."""

import pytest

from mailtui.domain.names import Name, split_name
from mailtui.domain.naming import name_parts
from mailtui.domain.romanising import romanised, romanised_surname
from mailtui.errors import UsageError
from mailtui.queries.spelling import readings_of


@pytest.mark.parametrize(
    ("text", "given", "surname"),
    [
        ("Anna Berg", "Anna", "Berg"),
        ("Anna Maria Berg", "Anna Maria", "Berg"),
        ("Berg, Anna  Maria", "Anna Maria", "Berg"),
        ("Ludwig van der Berg", "Ludwig", "van der Berg"),
        ("Maria da Silva", "Maria", "da Silva"),
        ("DUPONT Jean-Luc", "Jean-Luc", "DUPONT"),
        ("Cher", "Cher", ""),
        ("", "", ""),
        (" , ", "", ""),
        ("周文轩", "文轩", "周"),
        ("周 文轩", "文轩", "周"),
        ("欧阳修", "修", "欧阳"),
        ("諸葛亮", "亮", "諸葛"),
        ("司马", "马", "司"),
        ("安娜·贝格", "安娜", "贝格"),
        ("Zhou Wenxuan", "Wenxuan", "Zhou"),
        ("Wenxuan Zhou", "Wenxuan", "Zhou"),
        ("Zhou Wen Xuan", "Wen Xuan", "Zhou"),
        ("Zhang Wei", "Wei", "Zhang"),
        ("Wei Zhang", "Wei", "Zhang"),
        ("Ouyang Xiu", "Xiu", "Ouyang"),
        ("Ou Yang Xiu", "Xiu", "Ou Yang"),
        ("Anna Li", "Anna", "Li"),
        ("Lu Anderson", "Lu", "Anderson"),
        ("Иван Петров", "Иван", "Петров"),
    ],
)
def test_a_name_is_taken_apart_as_it_is_written_at_home(text: str, given: str, surname: str) -> None:
    assert split_name(text) == Name(given, surname)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Weiß", "weiss"),
        ("Åse Øster", "aseoster"),
        ("Łukasz Żółkiewski", "lukaszzolkiewski"),
        ("Müller", "mueller"),
        ("Mu\u0308ller", "mueller"),
        ("MÜLLER", "mueller"),
        ("Æsir Þór Đặng", "aesirthordang"),
        ("O’Neill-Smith", "oneill-smith"),
        ("Anne–Marie", "anne-marie"),
        ("İlker Işık", "ilkerisik"),
        ("Ａｎｎａ", "anna"),
        ("Dr. No", "drno"),
        ("Zhōu", "zhou"),
        ("\u202eeve\u200b", "eve"),
    ],
)
def test_letters_lose_their_marks(text: str, plain: str) -> None:
    assert romanised(text, {}) == plain


def test_umlauts_become_one_letter_where_a_site_wants_that() -> None:
    assert romanised("Jürgen Häßler", {}, umlauts="a") == "jurgenhassler"


@pytest.mark.parametrize(
    ("surname", "plain"),
    [
        ("单", "shan"), ("解", "xie"), ("仇", "qiu"), ("曾", "zeng"), ("查", "zha"), ("欧阳", "ouyang"),
        ("尉迟", "yuchi"), ("万俟", "moqi"), ("周", "zhou"), ("陈单", "chenshan"), ("Weiß", "weiss"),
    ],
)  # fmt: skip
def test_a_surname_is_read_as_one(surname: str, plain: str) -> None:
    assert romanised_surname(surname, readings_of(surname)) == plain


def test_a_character_that_is_no_surname_is_read_as_usual() -> None:
    assert romanised("单解", readings_of("单解")) == "danjie"
    assert readings_of("Anna", "々") == {}


@pytest.mark.parametrize("text", ["Иван", "محمد", "ひろし", "김", "Ελένη", "周", "々", "٣", "नेहा"])
def test_other_scripts_ask_for_a_spelling_in_latin_letters(text: str) -> None:
    with pytest.raises(UsageError, match="Latin") as failure:
        romanised(text, {})
    assert "Latin" in failure.value.hint


@pytest.mark.parametrize(
    ("given", "surname", "parts"),
    [
        ("Anna Maria", "van der Berg", ("anna", "vanderberg", "a", "v", "anna.vanderberg")),
        ("文轩", "周", ("wenxuan", "zhou", "w", "z", "zhou.wenxuan")),
        ("Wen Xuan", "Zhou", ("wenxuan", "zhou", "w", "z", "zhou.wenxuan")),
        ("Wenxuan", "Ou Yang", ("wenxuan", "ouyang", "w", "o", "ouyang.wenxuan")),
        ("Anna", "Lindt", ("anna", "lindt", "a", "l", "anna.lindt")),
        ("Cher", "", ("cher", "", "c", "", "cher")),
        ("", "", ("", "", "", "", "")),
    ],
)
def test_a_name_gives_what_patterns_speak_of(given: str, surname: str, parts: tuple[str, ...]) -> None:
    assert tuple(name_parts(given, surname, readings_of(given, surname)).values()) == parts
