"""Names of people taken apart: which part is the surname."""

import re
from dataclasses import dataclass
from itertools import takewhile

from mailtui.domain.chinese import split_characters
from mailtui.domain.pinyin import is_pinyin, surname_rank
from mailtui.domain.romanising import HAN, is_han

_DOT = re.compile("[·•・‧]")
_PARTICLES = " af al av bin da das de del della den der di do dos du el la le ten ter van vom von zu zum zur "


@dataclass(frozen=True, slots=True)
class Name:
    """A given name and a surname, as they were written; either may be empty."""

    given: str
    surname: str


def split_name(text: str) -> Name:
    """Take a name apart as well as can be told; whoever typed it has the last word.

    A comma stands behind the surname, and a surname may be written in capitals. Chinese names have it first, in
    characters and in pinyin (Zhou Wenxuan) unless only the last word is one (Wenxuan Zhou), or the more common one.
    """
    before, comma, after = text.partition(",")
    if comma and before.strip() and after.strip():
        return Name(" ".join(after.split()), " ".join(before.split()))
    words = text.replace(",", " ").split()
    if is_han(text) and all(HAN.match(character) for character in _DOT.sub("", "".join(words))):
        return _of_characters(words)
    return _by_capitals(words) or _of_pinyin(words) or _western(words)


def _of_characters(words: list[str]) -> Name:
    if len(words) > 1:
        return Name("".join(words[1:]), words[0])
    given, dot, surname = _DOT.sub("·", words[0]).rpartition("·")
    if dot:
        return Name(given, surname)
    surname, given = split_characters(words[0])
    return Name(given, surname)


def _by_capitals(words: list[str]) -> Name | None:
    loud = [word for word in words if len(word) > 1 and word.isupper()]
    quiet = [word for word in words if word not in loud]
    return Name(" ".join(quiet), " ".join(loud)) if loud and quiet else None


def _of_pinyin(words: list[str]) -> Name | None:
    plain = [word.casefold() for word in words]
    if not 2 <= len(words) <= 4 or not all(map(is_pinyin, plain)):
        return None
    if len(words) > 2 and surname_rank(plain[0] + plain[1]) == -1:
        return Name(" ".join(words[2:]), " ".join(words[:2]))
    first, last = surname_rank(plain[0]), surname_rank(plain[-1])
    if first is None or (last is not None and last < first):
        return None
    return Name(" ".join(words[1:]), words[0])


def _western(words: list[str]) -> Name:
    if len(words) < 2:
        return Name(" ".join(words), "")
    before = words[1:-1]
    particles = list(takewhile(lambda word: f" {word.casefold()} " in _PARTICLES, reversed(before)))
    start = len(words) - 1 - len(particles)
    return Name(" ".join(words[:start]), " ".join(words[start:]))
