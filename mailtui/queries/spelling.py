"""How names that are written in Chinese characters are spelled in Latin letters."""

import unicodedata

from mailtui.cache import readings
from mailtui.domain.romanising import HAN


def readings_of(*names: str) -> dict[str, str]:
    """Give the most usual reading in pinyin of each Chinese character in names; one without any is left out."""
    characters = {character for name in names for character in unicodedata.normalize("NFKC", name)}
    found = {character: readings.of_character(character) for character in characters if HAN.match(character)}
    return {character: read[0] for character, read in found.items() if read}
