"""New passwords, made so that they can be read aloud over the telephone and typed on any keyboard; or typed twice."""

import math
import secrets
from collections.abc import Sequence

from mailtui.domain.secret import Secret
from mailtui.errors import Refused
from mailtui.texts import _

_CONSONANTS, _VOWELS = "bdfghjkmnprstvwz", "aeiou"
# Without letters and digits that look like others.
_CHARACTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_SYLLABLES = 2
_SHORTEST = 12

WORDS = "words"


def new_password(style: str, length: int) -> Secret:
    """Make a password of a site's style: words of two syllables and a digit each, or characters.

    Args:
        style: `words` or `characters`.
        length: At least so many characters; never fewer than 12, which of words are 54 bits.
    """
    wanted = max(length, _SHORTEST)
    if style == WORDS:
        # Four letters, a digit, and what joins it to the next.
        return Secret("-".join(_word() for _number in range(math.ceil((wanted + 1) / 6) + 1)))
    return Secret(_characters(wanted))


def check_typed(typed: Secret, again: Secret, names: Sequence[str], length: int) -> None:
    """See whether a password that was typed twice can be given to somebody of these names.

    Raises:
        Refused: The two are not the same, it has fewer than `length` characters, or it can be guessed or not be typed.
    """
    text = typed.reveal()
    if text != again.reveal():
        raise Refused(_("The two are not the same"), hint=_("Type it twice."))
    if len(text) < length:
        raise Refused(_("The password is too short"), hint=_("It must have {n} characters or more.").format(n=length))
    if not text.isprintable():
        raise Refused(_("The password has a character that cannot be printed"), hint=_("Choose another."))
    if _plain(text) in {_plain(name) for name in names}:
        raise Refused(_("The password is the name or the log-in"), hint=_("Choose one that nobody guesses."))


def _plain(text: str) -> str:
    return "".join(text.casefold().split())


def _word() -> str:
    letters = "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _number in range(_SYLLABLES))
    return f"{letters}{secrets.randbelow(8) + 2}"


def _characters(length: int) -> str:
    """Draw again until there is a small letter, a capital and a digit: what most directories insist on."""
    while True:
        drawn = "".join(secrets.choice(_CHARACTERS) for _number in range(length))
        if any(c.islower() for c in drawn) and any(c.isupper() for c in drawn) and any(c.isdigit() for c in drawn):
            return drawn
