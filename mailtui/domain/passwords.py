"""New passwords, made so that they can be read aloud over the telephone and typed on any keyboard."""

import math
import secrets

from mailtui.domain.secret import Secret

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


def _word() -> str:
    letters = "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _number in range(_SYLLABLES))
    return f"{letters}{secrets.randbelow(8) + 2}"


def _characters(length: int) -> str:
    """Draw again until there is a small letter, a capital and a digit: what most directories insist on."""
    while True:
        drawn = "".join(secrets.choice(_CHARACTERS) for _number in range(length))
        if any(c.islower() for c in drawn) and any(c.isupper() for c in drawn) and any(c.isdigit() for c in drawn):
            return drawn
