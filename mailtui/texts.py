"""Texts for people: gettext, and text from the directory made safe for a terminal."""

import gettext
import unicodedata
from functools import cache
from pathlib import Path

_HIDDEN = frozenset(
    {0x00AD, 0x061C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)}
    | {*range(0xFE00, 0xFE10), *range(0xE0000, 0xE01F0)}
)


@cache
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation("mailtui", str(Path(__file__).parent / "locale"), fallback=True)


def _(message: str) -> str:
    """Give a text in the reader's language (LANGUAGE, LC_ALL, LC_MESSAGES, LANG)."""
    return _catalogue().gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """Give the form of a text that fits a number, in the reader's language."""
    return _catalogue().ngettext(one, many, number)


def clean(text: str) -> str:
    """Make a text safe and steady on one line of a terminal.

    Controls (ESC, newline, DEL) become pictures, C1 controls, surrogates and unassigned code points become U+FFFD;
    bidirectional controls, zero-width characters and variation selectors are dropped, since terminals disagree on
    their width. What remains is NFC.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in unicodedata.normalize("NFC", text))


def _shown(character: str) -> str:
    point = ord(character)
    if point < 0x20:
        return chr(0x2400 + point)
    if point == 0x7F:
        return "␡"
    if point in _HIDDEN:
        return ""
    category = unicodedata.category(character)
    if category in {"Zl", "Zp"}:
        return "␤"
    if category == "Zs":
        return " " if character != "\u3000" else character
    return "\ufffd" if category in {"Cc", "Cs", "Cn", "Co"} else character


def width(text: str) -> int:
    """Count the terminal cells that a clean text takes."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def fit(text: str, cells: int) -> str:
    """Give a clean text cut (with an ellipsis) or padded to an exact number of cells."""
    text = clean(text)
    room = width(text)
    if room > cells:
        kept, room = "", 0
        for character in text:
            if room + _cells(character) > cells - 1:
                break
            kept, room = kept + character, room + _cells(character)
        text, room = kept + "…" * (cells > 0), room + (cells > 0)
    return text + " " * (cells - room)
