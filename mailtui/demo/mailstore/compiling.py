"""Whether a sieve script would compile (RFC 5228), as far as a sample needs it: words, brackets, what is required."""

import re
from collections.abc import Sequence

_TOKEN = re.compile(
    r"""\s+ | \#[^\n]* | /\*.*?\*/ | (?P<text>"(?:[^"\\]|\\.)*") | (?P<word>:?[A-Za-z_]\w*) | (?P<number>\d+[KMGkmg]?)
    | (?P<mark>[][(){};,])""",
    re.VERBOSE | re.DOTALL,
)
_PAIRS = {"]": "[", ")": "(", "}": "{"}
_COMMANDS = frozenset({"require", "if", "elsif", "else", "keep", "discard", "redirect", "stop"})
_EXTENSIONS = {"fileinto": "fileinto", "vacation": "vacation", "addflag": "imap4flags", "setflag": "imap4flags"}


def compiles(script: str) -> bool:
    """Tell whether a script is whole, and has only commands that there are or that it requires."""
    tokens = _tokens(script)
    if tokens is None or not _is_closed(tokens):
        return False
    required = {token[1:-1] for token in tokens if token.startswith('"')}
    return all(_is_known(word, required) for word in _commands(tokens)) and (not tokens or tokens[-1] in {";", "}"})


def _tokens(script: str) -> list[str] | None:
    """Take a script apart; None where it has what no script has."""
    place, tokens = 0, []
    while place < len(script):
        found = _TOKEN.match(script, place)
        if found is None:
            return None
        if found.lastgroup:
            tokens.append(found[0])
        place = found.end()
    return tokens


def _is_closed(tokens: Sequence[str]) -> bool:
    opened: list[str] = []
    for token in tokens:
        if token in _PAIRS.values():
            opened.append(token)
        elif token in _PAIRS and (not opened or opened.pop() != _PAIRS[token]):
            return False
    return not opened


def _commands(tokens: Sequence[str]) -> list[str]:
    """Give the words with which commands begin."""
    before = [";", *tokens[:-1]]
    starts = {";", "{", "}"}
    return [token for token, last in zip(tokens, before, strict=True) if last in starts and token not in {"}", "{"}]


def _is_known(word: str, required: set[str]) -> bool:
    return word.lower() in _COMMANDS or _EXTENSIONS.get(word.lower()) in required
