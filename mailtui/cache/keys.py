"""Search keys: every form under which an account may be typed, made when it is written."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from mailtui.cache import readings
from mailtui.cache.folding import apart, digits, fold, han_runs, identifier_key, romanised, spelled_out, words
from mailtui.cache.layout import TITLE_MARK, domain_token
from mailtui.domain.address import local_part
from mailtui.domain.mirror import AccountRecord


def indexed_text(record: AccountRecord, domain_rows: Iterable[int], unit_tokens: str = "") -> str:
    """Give all that is indexed for an account: its own keys, its mail domains', its units'."""
    return " ".join([search_keys(record), *map(domain_token, sorted(domain_rows)), *unit_tokens.split()])


def search_keys(record: AccountRecord) -> str:
    """Give the text that is indexed for an account, but for its units and mail domains.

    Equal records give equal keys: an entry of the index can be taken back only by naming its text.
    """
    addresses = (record.mail, *record.aliases) if record.mail else record.aliases
    return text_of_keys(record.name, record.login, record.employee_number, record.phone, record.title, addresses)


def text_of_keys(
    name: str, login: str, employee_number: str | None, phone: str | None, title: str | None, addresses: Sequence[str]
) -> str:
    """Give the same of what it is made of."""
    said = _name_said(name).copy()
    for text in dict.fromkeys((login, employee_number or "", *map(local_part, addresses))):
        for key in plain_keys(text):
            said.add(key)
    if phone:
        said.add(" ".join(words(fold(phone))))
        said.add(digits(phone))
    for key in title_keys(title or ""):
        said.add(key)
    return " ".join(said.keys)


class _Said:
    """Keys in the order given, but for those that say nothing new: words and phrases that were there before."""

    __slots__ = ("keys", "phrases", "words")

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self.keys: list[str] = []
        self.words = {""}
        # No key holds the sign between them.
        self.phrases = "|"
        for key in keys:
            self.add(key)

    def copy(self) -> "_Said":
        copied = _Said()
        copied.keys, copied.words, copied.phrases = self.keys.copy(), self.words.copy(), self.phrases
        return copied

    def add(self, key: str) -> None:
        if key in self.words:
            return
        if " " in key:
            if f" {key} " in self.phrases:
                return
            self.phrases += f" {key} |"
            self.words.update(key.split())
        else:
            self.words.add(key)
        self.keys.append(key)


@lru_cache(maxsize=1024)
def _name_said(name: str) -> _Said:
    return _Said(name_keys(name))


@lru_cache(maxsize=4096)
def title_keys(title: str) -> tuple[str, ...]:
    """Give the keys of a title, which only `title:` finds: its words in a row, marked."""
    marked = " ".join(TITLE_MARK + word for word in words(apart(fold(title))))
    return (marked,) if marked else ()


def unit_keys(name: str) -> str:
    """Give the text in which a word is looked for that may name a unit: keys between blanks."""
    return f" {' '.join(_Said(name_keys(name)).keys)} "


def plain_keys(text: str) -> tuple[str, ...]:
    """Give the keys of a log-in, a number or the local part of an address: its words, and the whole without signs."""
    if text.isascii() and text.isalnum():
        return (text.lower(),)
    folded = fold(identifier_key(text))
    if folded.isascii():
        parts = words(folded)
        return (" ".join(parts), "".join(parts)) if len(parts) > 1 else tuple(parts) or ("",)
    parts = words(apart(folded))
    is_joined = len(parts) > 1 and apart(folded) == folded
    return (" ".join(parts), "".join(parts)) if is_joined else (" ".join(parts),)


def name_keys(name: str) -> tuple[str, ...]:
    """Give the keys of a name: its words and characters, and what they are in plain letters, joined and apart."""
    folded = fold(name)
    plain = [word for word in words(romanised(folded)) if word.isascii()]
    keys = [*words(apart(folded)), *plain]
    if not folded.isascii() or not name.isascii():
        keys += [word for word in words(spelled_out(name)) if word.isascii()]
    if len(plain) > 1:
        keys += ["".join(plain), "".join([plain[-1], *plain[:-1]])]
    for run in han_runs(folded):
        keys += [reading for character in readings.syllables(run) for reading in character]
        keys += readings.joined(run)
    # Words and characters stand in a row first, so that phrases find them.
    return tuple(dict.fromkeys((" ".join(words(apart(folded))), *keys)))


@lru_cache(maxsize=4096)
def sort_key(name: str) -> str:
    """Give the form by which names are put in order: plain letters, Chinese by how it is read."""
    folded = fold(name)
    for run in han_runs(folded):
        read = " ".join(reading[0] for reading in readings.syllables(run))
        folded = folded.replace(run, f" {read} ", 1)
    return romanised(" ".join(folded.split()))
