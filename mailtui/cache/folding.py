"""Text as it is compared and searched: without case, marks and odd spacing; used by writers and readers alike."""

import re
import unicodedata
from functools import lru_cache

from mailtui.domain.address import address_key

_MARKS = re.compile("[\u0300-\u036f\u0640\u064b-\u0652\u0670]")
_HIDDEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ue000-\uf8ff\x00]")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
)
_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_NO_DIGIT = re.compile("[^0-9]+")
_WORD = re.compile(r"[^\W_]+")
# Chinese, kana and Hangul are written without blanks between words: each character is a key of its own.
_APART = re.compile(
    "[\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af]"
)
_BETWEEN_HAN = re.compile(
    "(?<=[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]) (?=[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af])"
)
# Chinese characters that have one form only (no compatibility forms among them).
_SETTLED = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_HAN_RUN = re.compile("[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")


def storable(text: str) -> str:
    """Give a text that SQLite can hold: bytes that were no UTF-8 become U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def fold(text: str) -> str:
    """Give the form under which two spellings of a name are equal letter for letter.

    Case, diacritics, full-width forms, invisible characters and the amount of blanks make no difference; order,
    punctuation and letters such as ø do.
    """
    if text.isascii():
        return " ".join(text.replace("\0", "").lower().split())
    if _SETTLED.fullmatch(text):
        return text
    # Word by word, since names share their words; one may fall apart into several.
    return " ".join(" ".join(map(_fold_word, text.split())).split())


@lru_cache(maxsize=4096)
def _fold_word(word: str) -> str:
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", _HIDDEN.sub("", word)))
    return unicodedata.normalize("NFKC", bare).casefold()


def romanised(folded: str) -> str:
    """Replace letters that have no diacritic to drop (ø, ł, æ) in a folded text by what a plain keyboard offers."""
    return folded if folded.isascii() else folded.translate(_LETTERS)


def spelled_out(text: str) -> str:
    """Fold a text after writing its umlauts as two letters (Müller: mueller)."""
    if text.isascii():
        return fold(text)
    if _SETTLED.fullmatch(text):
        return text
    return " ".join(" ".join(map(_spell_out, text.split())).split())


@lru_cache(maxsize=4096)
def _spell_out(word: str) -> str:
    return romanised(fold(unicodedata.normalize("NFC", word).casefold().translate(_DIGRAPHS)))


def words(folded: str) -> list[str]:
    """Give the words of a folded text: runs of letters and digits."""
    return _WORD.findall(folded)


def apart(folded: str) -> str:
    """Put blanks around each character of a script that is written without them."""
    return folded if folded.isascii() else _APART.sub(lambda found: f" {found[0]} ", folded)


def han_runs(folded: str) -> list[str]:
    """Give the runs of Chinese characters in a folded text."""
    return [] if folded.isascii() else _HAN_RUN.findall(folded)


def name_key(name: str) -> str:
    """Give the form under which two spellings of a name are the same name: folded, Chinese without blanks."""
    folded = fold(name)
    return folded if " " not in folded or folded.isascii() else _BETWEEN_HAN.sub("", folded)


def digits(text: str) -> str:
    """Give the digits of a telephone number."""
    return _NO_DIGIT.sub("", text if text.isascii() else fold(text))


def identifier_key(text: str) -> str:
    """Give the form under which two spellings of a log-in or an employee number are equal."""
    return text.strip().lower() if text.isascii() else unicodedata.normalize("NFKC", text).strip().casefold()


def stored_address_key(address: str) -> str:
    """Give the key of an address as the cache holds it."""
    return storable(address_key(address))
