"""Search keys: every form under which an account may be typed, made when it is written."""

from collections.abc import Iterable
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
    own = [record.login, record.employee_number or "", *map(local_part, _addresses(record))]
    keys = [*name_keys(record.name), *(key for text in own for key in plain_keys(text))]
    if record.phone:
        keys += [" ".join(words(fold(record.phone))), digits(record.phone)]
    return _said_once([*keys, *title_keys(record.title or "")])


def _said_once(keys: list[str]) -> str:
    said: list[str] = []
    phrases: list[str] = []
    words_said = {""}
    for key in keys:
        if key in words_said:
            continue
        if " " in key:
            if any(f" {key} " in phrase for phrase in phrases):
                continue
            phrases.append(f" {key} ")
            words_said.update(key.split())
        else:
            words_said.add(key)
        said.append(key)
    return " ".join(said)


def _addresses(record: AccountRecord) -> tuple[str, ...]:
    return ((record.mail,) if record.mail else ()) + record.aliases


@lru_cache(maxsize=4096)
def title_keys(title: str) -> tuple[str, ...]:
    """Give the keys of a title, which only `title:` finds: its words in a row, marked."""
    marked = " ".join(TITLE_MARK + word for word in words(apart(fold(title))))
    return (marked,) if marked else ()


def unit_keys(name: str) -> str:
    """Give the text in which a word is looked for that may name a unit: keys between blanks."""
    return f" {_said_once(list(name_keys(name)))} "


def plain_keys(text: str) -> tuple[str, ...]:
    """Give the keys of a log-in, a number or the local part of an address: its words, and the whole without signs."""
    if text.isascii() and text.isalnum():
        return (text.lower(),)
    folded = fold(identifier_key(text))
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


def sort_key(name: str) -> str:
    """Give the form by which names are put in order: plain letters, Chinese by how it is read."""
    folded = fold(name)
    for run in han_runs(folded):
        read = " ".join(reading[0] for reading in readings.syllables(run))
        folded = folded.replace(run, f" {read} ", 1)
    return romanised(" ".join(folded.split()))
