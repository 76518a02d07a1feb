"""How Chinese names are read: surname readings first, then every other reading of a character."""

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.metadata import distribution
from itertools import islice, product

from mailtui.domain.chinese import split_characters, surname_syllables

_COMBINATIONS = 16
_PER_CHARACTER = 6


@cache
def _table() -> dict[str, str]:
    # The table alone: importing pypinyin would load its phrases too, 45 MB that every reading as a key makes useless.
    path = distribution("pypinyin").locate_file("pypinyin/pinyin_dict.json")
    with open(str(path), encoding="utf-8") as file:  # noqa: PTH123 - locate_file's type has no open()
        table: dict[str, str] = json.load(file)
    return table


def source() -> str:
    """Name what the readings come from: keys made from another version may differ."""
    return "pypinyin " + distribution("pypinyin").version


@lru_cache(maxsize=8192)
def of_character(character: str) -> tuple[str, ...]:
    """Give the readings of one character without tones, the most usual first; none where none is known."""
    found: dict[str, None] = {}
    for reading in _table().get(str(ord(character)), "").split(","):
        found.update(dict.fromkeys(_plain(reading)))
    return tuple(found)[:_PER_CHARACTER]


def _plain(reading: str) -> tuple[str, ...]:
    # ü is typed v, u (where the font lacks it) or, in passports, yu.
    letters = unicodedata.normalize(
        "NFC", re.sub("[\u0300\u0301\u0304\u030c]", "", unicodedata.normalize("NFD", reading))
    )
    letters = re.sub("[^a-zü]", "", letters.replace("ê", "e"))
    if "ü" not in letters:
        return (letters,) if letters else ()
    return tuple(letters.replace("ü", typed) for typed in ("v", "u", "yu"))


@lru_cache(maxsize=4096)
def syllables(name: str) -> tuple[tuple[str, ...], ...]:
    """Give, for each character of a Chinese name, its readings, a surname's own first.

    A character without a known reading stands for itself.
    """
    surname, given = split_characters(name)
    own = surname_syllables(surname)
    readings = [_first(own[i] if i < len(own) else "", of_character(c)) or (c,) for i, c in enumerate(surname)]
    return tuple(readings + [of_character(c) or (c,) for c in given])


def _first(own: str, readings: tuple[str, ...]) -> tuple[str, ...]:
    if not own:
        return readings
    spellings = (own, own.replace("v", "u"), own.replace("v", "yu")) if "v" in own else (own,)
    return tuple(dict.fromkeys((*spellings, *readings)))


@lru_cache(maxsize=4096)
def joined(name: str) -> tuple[str, ...]:
    """Give the readings of a whole name, family name first and given name first, and its initials.

    A name with a character that has no known reading has none.
    """
    read, family_length = syllables(name), len(split_characters(name)[0])
    found: dict[str, None] = {}
    initials: dict[str, None] = {}
    both = product(_combined(read[:family_length]), _combined(read[family_length:]))
    for (family, family_initials), (given, given_initials) in islice(both, _COMBINATIONS):
        found[family + given] = found[given + family] = None
        initials[family_initials + given_initials] = None
    return tuple(key for key in (*found, *initials) if key.isascii())


@lru_cache(maxsize=4096)
def _combined(read: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, str], ...]:
    """Give the ways to read characters in a row, and the initials of each; given names are shared by many."""
    ways = islice(product(*read), _COMBINATIONS)
    return tuple(("".join(way), "".join([syllable[0] for syllable in way])) for way in ways)
