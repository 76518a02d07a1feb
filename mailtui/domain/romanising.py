"""Names in plain Latin letters, as log-ins and addresses have them."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from mailtui.domain.chinese import SURNAMES, surname_syllables
from mailtui.errors import UsageError
from mailtui.texts import _

HAN = re.compile("[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
"""A Chinese character."""
_LETTERS = str.maketrans(
    {
        "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t",
        "ŋ": "n", "ə": "e", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ɛ": "e", "ɔ": "o", "ĸ": "k",
    }
)  # fmt: skip
_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def romanised(text: str, readings: Mapping[str, str], umlauts: str = "ae") -> str:
    """Give the small ASCII letters, digits and hyphens that a name becomes; blanks and other signs are dropped.

    `readings` say how Chinese characters are read, `umlauts` whether ä becomes `ae` or `a`.

    Raises:
        UsageError: It is written in a script whose spelling in Latin letters only a person knows.
    """
    return "".join(_plain(piece, readings, umlauts, text) for piece in unicodedata.normalize("NFKC", text).split())


def romanised_surname(text: str, readings: Mapping[str, str], umlauts: str = "ae") -> str:
    """Give the same of a surname: Chinese characters are read as they are in surnames.

    Raises:
        UsageError: It is written in a script whose spelling in Latin letters only a person knows.
    """
    own = surname_syllables(unicodedata.normalize("NFKC", "".join(text.split())))
    return "".join(own) or romanised(text, {**readings, **SURNAMES}, umlauts)


def is_han(text: str) -> bool:
    """Tell whether a text holds Chinese characters."""
    return HAN.search(text) is not None


def _plain(word: str, readings: Mapping[str, str], umlauts: str, whole: str) -> str:
    lowered = unicodedata.normalize("NFC", word.casefold())
    if umlauts == "ae":
        lowered = lowered.translate(_DIGRAPHS)
    try:
        return "".join([readings[c] if HAN.match(c) else _letter(c) for c in lowered])
    except (KeyError, ValueError):
        raise UsageError(
            _("How “{name}” is spelled in Latin letters is not known").format(name=whole),
            hint=_("Type the given name and the surname in Latin letters."),
        ) from None


@lru_cache(maxsize=1024)
def _letter(character: str) -> str:
    """Give what one character becomes; ValueError where that is not known."""
    kept = []
    for part in unicodedata.normalize("NFKD", character).casefold().translate(_LETTERS):
        category = unicodedata.category(part)
        if part.isascii() and part.isalnum():
            kept.append(part)
        elif category == "Pd":
            kept.append("-")
        elif category[0] in "LN" or category == "Co":
            raise ValueError(part)
    return "".join(kept)
