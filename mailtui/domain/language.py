"""What may be typed in the search box, taken apart: plain words, and structured words that narrow.

anna sales                    every word is the beginning of one of an account's keys
dept:sales dept:"north west"  a unit above the account has a word that begins so; title: and group: likewise
quota>90 used>5GB limit>=10GiB idle>60d
growth>1GB full<14d           what was added in the last week; when it is likely to be full, today or earlier being 0d
is:full is:never              all of the limit is used; the mail store knows of no log-in: `never` alone says it, too
is:disabled is:active is:locked is:expired is:pending is:unlimited
kind:person kind:shared kind:service
-is:disabled                  a structured word with a minus narrows to the others
"""

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from mailtui.domain.account import Kind, Standing
from mailtui.domain.quota import parse_size
from mailtui.errors import UsageError
from mailtui.texts import _

_CHUNK = re.compile(r'[^\s"]*"[^"]*"?[^\s"]*|[^\s"]+')
_STRUCTURED = re.compile(r"(-?)([A-Za-z]+)(:|>=|<=|>|<|=)(.*)", re.DOTALL)
_DAYS = {"": 1, "d": 1, "w": 7, "m": 30, "y": 365}
_WORDS_HINT = (
    "dept:sales quota>90 used>5GB limit>=10GiB growth>1GB full<14d idle>60d is:disabled kind:shared title:director"
    " group:staff"
)
UNLIMITED, FULL, NEVER = "unlimited", "full", "never"
"""What `is:` takes besides standings."""
_ALONE = re.compile(rf"(-?){NEVER}", re.IGNORECASE)


class Field(StrEnum):
    """What a structured word speaks of."""

    DEPT = "dept"
    TITLE = "title"
    GROUP = "group"
    IS = "is"
    KIND = "kind"
    QUOTA = "quota"
    USED = "used"
    LIMIT = "limit"
    IDLE = "idle"
    GROWTH = "growth"
    FULL = "full"


_CHOICES = {Field.IS: (*Standing, UNLIMITED, FULL, NEVER), Field.KIND: tuple(Kind)}
_SIZES = {Field.USED, Field.LIMIT, Field.GROWTH}
_COMPARED = {*_SIZES, Field.QUOTA, Field.IDLE, Field.FULL}


@dataclass(frozen=True, slots=True)
class Condition:
    """One structured word; `number` is percent, bytes or days where the field is compared."""

    field: Field
    operator: str
    value: str
    number: float = 0
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A query taken apart; `text` is its plain part as typed."""

    words: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def text(self) -> str:
        """The plain words in a row."""
        return " ".join(self.words)


def parse(query: str) -> Question:
    """Take a query apart.

    Raises:
        UsageError: A structured word is none that is known, or its value makes no sense.
    """
    words: list[str] = []
    conditions: list[Condition] = []
    for chunk in _CHUNK.findall(unicodedata.normalize("NFKC", query)):
        alone = _ALONE.fullmatch(chunk)
        match = _STRUCTURED.fullmatch(f"{alone[1]}{Field.IS}:{NEVER}" if alone else chunk)
        if match and "@" not in match[2]:
            conditions.append(_condition(chunk, bool(match[1]), match[2].lower(), match[3], match[4].replace('"', "")))
        else:
            words += chunk.replace('"', " ").split()
    return Question(tuple(words), tuple(conditions))


def _condition(chunk: str, is_negated: bool, name: str, operator: str, value: str) -> Condition:
    if name not in set(Field):
        near = get_close_matches(name, list(Field), 1)
        raise _wrong(chunk, _WORDS_HINT, near[0] + operator if near else "")
    field = Field(name)
    if field in _COMPARED:
        if operator == ":":
            raise _wrong(chunk, _WORDS_HINT)
        return Condition(field, operator, value, _number(field, value, chunk), is_negated)
    value = value.strip()
    if operator != ":" or not value:
        raise _wrong(chunk, _WORDS_HINT)
    choices = _CHOICES.get(field)
    if choices and value.casefold() not in choices:
        raise _wrong(chunk, " ".join(f"{field}:{choice}" for choice in choices))
    return Condition(field, operator, value.casefold() if choices else value, is_negated=is_negated)


def _number(field: Field, value: str, chunk: str) -> float:
    if field in _SIZES:
        return parse_size(value)
    pattern = r"(\d{1,6}(?:\.\d{1,6})?)(%?)" if field is Field.QUOTA else r"(\d{1,6})([dwmy]?)"
    match = re.fullmatch(pattern, value.strip().lower(), re.ASCII)
    if not match:
        days = "full<14d full<2w full<3m" if field is Field.FULL else "idle>60d idle>8w idle>6m idle>1y"
        raise _wrong(chunk, "quota>90" if field is Field.QUOTA else days)
    return float(match[1]) * _DAYS.get(match[2], 1)


def _wrong(chunk: str, accepted: str, near: str = "") -> UsageError:
    hint = _("Write for instance {words}; a plain word without : < > = finds names.").format(words=accepted)
    if near:
        hint = " ".join((_("Did you mean “{key}”?").format(key=near), hint))
    return UsageError(_("“{word}” is no search word that is known").format(word=chunk), hint=hint)
