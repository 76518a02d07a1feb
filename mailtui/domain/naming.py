"""Log-ins and addresses proposed for names: by pattern, in plain letters, neither reserved nor taken."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice

from mailtui.domain.patterns import LONGEST, fill, trimmed
from mailtui.domain.pinyin import is_pinyin, is_syllable, surname_rank
from mailtui.domain.policy import RESERVED_NAMES
from mailtui.domain.romanising import is_han, romanised, romanised_surname
from mailtui.errors import Refused, UsageError
from mailtui.texts import _

_TRIES = 10_000
_NO_READINGS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A log-in and the address made of it."""

    login: str
    address: str


def propose(
    given: str,
    surname: str,
    patterns: str | Sequence[str],
    domain: str,
    is_taken: Callable[[str], bool],
    *,
    reserved: Collection[str] = RESERVED_NAMES,
    readings: Mapping[str, str] = _NO_READINGS,
    umlauts: str = "ae",
) -> Proposal:
    """Propose a log-in: by the first pattern that gives a free one, else by the first with a number behind it.

    `is_taken` is asked of the log-in and of the address; for `readings` and `umlauts` see `romanising`.

    Raises:
        UsageError: A pattern cannot be taken, or the name must be spelled in Latin letters by a person.
        Refused: Thousands of such log-ins are taken.
    """
    parts, hint = name_parts(given, surname, readings, umlauts), _("Type a log-in.")
    made = [fill(pattern, parts) for pattern in ([patterns] if isinstance(patterns, str) else patterns)]
    usable = list(dict.fromkeys(filter(None, made)))
    if not usable:
        raise UsageError(_("No log-in can be made of this name"), hint=hint)
    forbidden = {name.casefold() for name in reserved}
    for login in islice(_candidates(usable), _TRIES):
        address = f"{login}@{domain}"
        if login not in forbidden and not is_taken(login) and not is_taken(address):
            return Proposal(login, address)
    raise Refused(_("Every log-in made of this name is taken"), hint=hint)


def _candidates(usable: Sequence[str]) -> Iterator[str]:
    yield from usable
    for number in count(2):
        yield trimmed(usable[0], LONGEST - len(str(number))) + str(number)


def name_parts(given: str, surname: str, readings: Mapping[str, str], umlauts: str = "ae") -> dict[str, str]:
    """Give what stands for each field of a pattern.

    Of several given names the first counts, but for the syllables of a Chinese one; a surname is taken whole.

    Raises:
        UsageError: The name must be spelled in Latin letters by a person.
    """
    words = [word for word in (romanised(word, readings, umlauts) for word in given.split()) if word]
    is_one = is_han(given) or all(map(is_syllable, words))
    first = "".join(words if is_one else words[:1])
    last = romanised_surname(surname, readings, umlauts)
    is_chinese = is_han(surname + given) or (surname_rank(last) is not None and all(map(is_pinyin, words)))
    whole = (last, first) if is_chinese else (first, last)
    return {"given": first, "surname": last, "g": first[:1], "s": last[:1], "name": ".".join(filter(None, whole))}
