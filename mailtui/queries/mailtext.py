"""The text of a mail that names accounts: which of its lines are entries, which are talk, which only furniture."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mailtui.cache.folding import fold

# Bounded, so that a long text without an @ is passed over in time.
_OUTSIDE = r"\s<>()\[\]{}\"',;:|（）【】，；：、@"
ADDRESS = re.compile(rf"[^{_OUTSIDE}]{{1,64}}@[^{_OUTSIDE}]{{1,253}}\.[\w-]{{1,63}}")
_BULLET = re.compile(r"\s*(?:[>\s]*)(?:[-*+•·●○▪◦‣–—]+\s+|\(?\d{1,3}(?:[.)）](?!\d)|、)\s*)")
_QUOTED = re.compile(r"^(?:\s*>)+\s?")
_HEADER = re.compile(
    r"(?:from|to|cc|bcc|sent|date|subject|reply-to|von|an|kopie|betreff|gesendet|datum|de|à|objet|envoyé"
    r"|发件人|收件人|抄送|发送时间|日期|时间|主题)"
    r"\s*[:：].*|-{2,}\s*(?:original message|forwarded message|原始邮件|转发邮件).*|on .{5,200} wrote:|.*写道[:：]",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"(?:hi|hello|dear|hey|hallo|liebe[rs]?|sehr geehrte[rs]?|good (?:morning|afternoon|evening)|guten (?:tag|morgen)"
    r"|to whom it may concern)\b.*|(?:各位|大家好|您好|你好|尊敬的|亲爱的|hi|hello).{0,12}",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"--\s*|(?:(?:with )?(?:best|kind|kindest|warm|many|with)\s+)?(?:regards|wishes|thanks"
    r"|thank you(?: (?:very|so) much)?"
    r"|thx|cheers|sincerely|yours(?: \w+)?|br|rgds|mfg|kr|bg|vg|lg|gruß|gruss|grüße|grüsse"
    r"|(?:viele|liebe|beste|schöne|herzliche|freundliche) (?:grüße|grüsse)"
    r"|mit freundliche[mn] (?:grüßen|grüssen|gruß|gruss)|mit besten grüßen|besten dank|vielen dank|danke(?: schön)?"
    r"|(?:bien )?cordialement|bien à vous|merci(?: d'avance)?|saludos|un saludo|gracias|saluti|cordiali saluti|grazie"
    r"|groeten|met vriendelijke groet|(?:have a|enjoy your|schönes|bon) (?:\w+ )?(?:weekend"
    r"|wochenende|week-end|day|week|evening))"
    r"(?:\s+(?:in advance|a lot|and regards))?\s*[,.!]*(?:\s+[^\W\d]+){0,3}\s*|best\s*[,.!]*"
    r"|(?:谢谢|多谢|感谢|此致|敬礼|祝好|顺祝|顺颂).{0,8}",
    re.IGNORECASE,
)
_NEW_MAIL = re.compile(r"(?:from|von|de|发件人)\s*[:：]|-{2,}|.*(?:wrote|schrieb|写道)", re.IGNORECASE)
_RECIPIENTS = re.compile(r"(?:to|cc|bcc|an|kopie|收件人|抄送)\s*[:：]", re.IGNORECASE)
_WROTE_BEGINS = re.compile(r"(?:on|am|le|el|il|op|den|em|w dniu|在|于)\s.*\d", re.IGNORECASE)
_WROTE_ENDS = re.compile(
    r"\b(?:wrote|writes|schrieb(?: .{0,200})?|a écrit|escribió|ha scritto|schreef|escreveu"
    r"|napisał(?:\(a\))?)\s*[:：]\s*$"
    r"|写道\s*[:：]\s*$",
    re.IGNORECASE,
)
_SIGNATURE_LINES = 6
_TALK_WORDS = """
    a an and are as at be been below by can could department do does for has have he her his i if in is it its leave
    leaves leaving left list me my new no not of on or our please pls she should than that the their them there
    these they this to us was we were will with would you your disable disabled enable account accounts mailbox
    mailboxes following user users last day attached regarding thanks thank bitte und die der das den sind ist
"""
_TALK = frozenset(_TALK_WORDS.split())
_LABELLED = re.compile(
    r"(?:staff|employee|personnel|emp|pers|id|no|nr|number|num|#|工号|员工号|编号)[\s.:：#-]*(?:(?:no"
    r"|nr|id|number)[\s.:：#-]*)?"
    r"([A-Za-z]{0,3}\d[\w-]*)",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"[,;，；、\t|<>()（）\[\]【】\"“”]+|\s+[-–—/]+\s+|[:：](?:\s+|$)")
_HAN_NAME = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af·]{2,6}")
_PHONE = re.compile(r"\+?\d[\d()/-]*(?: [\d()/-]+)+")
# Written without a comma between: 张伟 10060.
_HAN_AND_NUMBER = re.compile("([\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af·]{2,6})\\s+(\\d{3,})")
_PARTICLE_WORDS = "van von der den de da di do dos das la le el al bin ibn ben ter zu y e"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())


class Place(StrEnum):
    """Where in a mail a line stands: in what its sender says, in the signature, or in an earlier mail below."""

    BODY = "body"
    SIGNATURE = "signature"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one line of a mail says of an account.

    `names` may be names or log-ins, `numbers` employee numbers or log-ins. An entry that is `talk` was found within a
    sentence: nobody said that it is one of the list. A `firm` one is unknown if it fits nothing, not noise.
    """

    line: int
    text: str
    addresses: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    is_talk: bool = False
    is_firm: bool = True
    is_marked: bool = False
    is_greeting: bool = False
    is_closing: bool = False
    place: Place = Place.BODY


def bare(text: str) -> str:
    """Give a line without its quote marks and its bullet or number."""
    unquoted = _QUOTED.sub("", text).strip()
    return (_BULLET.sub("", unquoted, count=1) if _BULLET.match(unquoted) else unquoted).strip()


def is_furniture(text: str) -> bool:
    """Tell whether a line can only stand in a mail: a header, a greeting, a closing."""
    unquoted = _unstyled(_QUOTED.sub("", text))
    return _WROTE_ENDS.search(unquoted) is not None or any(
        pattern.fullmatch(unquoted) for pattern in (_HEADER, _GREETING, _CLOSING)
    )


def is_sentence(text: str) -> bool:
    """Tell whether a line speaks, rather than naming one account."""
    said = ADDRESS.sub(" ", _BULLET.sub("", text, count=1))
    folded = [word.strip(".,;:!?()") for word in fold(said).split()]
    if re.search(r"[：。！？]\s*$", text) or re.search("[\u4e00-\u9fff]{7,}", said):
        return True
    talk = sum(word in _TALK for word in folded)
    return len(folded) >= 3 and (talk >= 2 or (talk and said.rstrip().endswith((".", ":", "!", "?"))) is True)


def entries(lines: Iterable[tuple[int, str]]) -> Iterator[Entry]:
    """Give what the lines of a mail say of accounts, or that they say nothing; headers and signatures are left out."""
    given = list(lines)
    furniture = set(_headers(given))
    # A mail that is quoted whole is read as if it were not; a quote within another is an earlier mail.
    has_own = any(not _QUOTED.match(raw) for number, raw in given if number not in furniture)
    place, signature_left, has_begun = Place.BODY, 0, False
    for number, raw in given:
        text = _QUOTED.sub("", raw).strip()
        if number in furniture:
            if has_begun and _NEW_MAIL.match(_unstyled(text)):
                place, signature_left = Place.EARLIER, 0
            continue
        is_marked = _BULLET.match(text) is not None
        has_begun = has_begun or bool(text)
        if _CLOSING.fullmatch(_unstyled(text)) and not is_marked:
            signature_left = _SIGNATURE_LINES
            if place is Place.BODY:
                yield Entry(number, text, is_firm=False, is_closing=True)
                place = Place.SIGNATURE
            continue
        if signature_left and not is_marked:
            signature_left -= 1
            continue
        here = Place.EARLIER if has_own and _QUOTED.match(raw) else place
        found = list(_entries_of(number, text, is_marked=is_marked))
        yield from (replace(entry, place=here, is_marked=is_marked) for entry in found or [_silent(number, text)])


def _silent(number: int, text: str) -> Entry:
    return Entry(number, text, is_talk=True, is_firm=False, is_greeting=_GREETING.fullmatch(text) is not None)


def _unstyled(text: str) -> str:
    return re.sub(r"[*_]+(?=\S)|(?<=\S)[*_]+", "", text).strip()


def _headers(lines: Sequence[tuple[int, str]]) -> Iterator[int]:
    """Give the numbers of lines that are headers of a mail, folded ones with what follows, or tell who wrote."""
    is_open = False
    for place, (number, raw) in enumerate(lines):
        text = _unstyled(_QUOTED.sub("", raw))
        follows = place > 0 and lines[place - 1][0] == number - 1
        if _HEADER.fullmatch(text):
            yield number
            is_open = re.search(r"[,;]\s*$", text) is not None or _RECIPIENTS.match(text) is not None
        elif is_open and follows and (raw[:1] in " \t" or lines[place - 1][1].rstrip().endswith((",", ";"))):
            yield number
        else:
            is_open = False
            yield from _attribution([(n, _QUOTED.sub("", each).strip()) for n, each in lines[place : place + 3]])


def _attribution(lines: Sequence[tuple[int, str]]) -> Iterator[int]:
    """Give the numbers of up to three lines that tell who wrote what is quoted below."""
    said = ""
    if not lines or not (_WROTE_BEGINS.match(lines[0][1]) or _WROTE_ENDS.search(lines[0][1])):
        return
    for place, (_number, text) in enumerate(lines):
        said = f"{said} {text}".strip()
        if _WROTE_ENDS.search(said):
            yield from (number for number, _text in lines[: place + 1])
            return


def _entries_of(number: int, text: str, *, is_marked: bool) -> Iterator[Entry]:
    has_address = ADDRESS.search(text) is not None
    if _GREETING.fullmatch(text) and not has_address:
        return
    entry = parts(number, text)
    looks_named = any(_is_name_shaped(name) for name in entry.names[:1])
    is_listed = is_marked or (looks_named and _begins_with_name(entry, text))
    if (is_sentence(text) and not is_listed) or _GREETING.fullmatch(text):
        yield from _talk(number, text)
        return
    if entry.addresses or entry.numbers or is_marked:
        yield entry
    elif entry.names and not text.rstrip().endswith((":", "：")):
        yield Entry(number, text, names=entry.names, is_firm=looks_named and len(entry.names[0].split()) > 1)


def _begins_with_name(entry: Entry, text: str) -> bool:
    """Tell whether a line begins with a name of two words, or a Chinese one, which a separator ends."""
    name = entry.names[0]
    is_whole = text.startswith(name) and len(name) < len(text)
    return is_whole and (" " in name or not name.isascii()) and not set(fold(name).split()) & _TALK


def _talk(number: int, text: str) -> Iterator[Entry]:
    for address in ADDRESS.findall(text):
        yield Entry(number, text, addresses=(address.rstrip("."),), is_talk=True)
    rest = _PHONE.sub(" ", ADDRESS.sub(" ", text))
    for digits in re.findall(r"(?<![\w.:/+-])\d{4,}(?![\w:/-])", rest):
        yield Entry(number, text, numbers=(digits,), is_talk=True, is_firm=False)
    for name in _capitalised(rest):
        yield Entry(number, text, names=(name,), is_talk=True, is_firm=False)


def _capitalised(text: str) -> Iterator[str]:
    for run in re.findall(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*", text):
        found = run.split(" ")
        starts = [i for i, word in enumerate(found) if word[:1].isupper()]
        yield from (" ".join(found[i : i + n]) for i in starts for n in (3, 2) if i + n <= len(found))


def parts(number: int, text: str) -> Entry:
    """Take one line or cell apart: `1. Anna Smith <anna@example.com> (staff no 10023)`."""
    said = _BULLET.sub("", text, count=1) if _BULLET.match(text) else text
    addresses = tuple(dict.fromkeys(found.rstrip(".") for found in ADDRESS.findall(said)))
    numbers: dict[str, None] = {}
    names: dict[str, None] = {}
    for part in map(str.strip, _SPLIT.split(ADDRESS.sub(" ; ", said).replace("mailto:", " "))):
        labelled = _LABELLED.fullmatch(part)
        if labelled:
            numbers[labelled[1]] = None
        elif re.fullmatch(r"#?\d{2,}", part):
            numbers[part.lstrip("#")] = None
        elif both := _HAN_AND_NUMBER.fullmatch(part):
            names[both[1]] = numbers[both[2]] = None
        elif part and re.search(r"[^\W_]", part):
            names[part] = None
    return Entry(number, text, addresses, tuple(numbers), tuple(names))


def _is_name_shaped(text: str) -> bool:
    if _HAN_NAME.fullmatch(text):
        return True
    found = text.split()
    return 0 < len(found) <= 5 and all(
        (word[:1].isupper() or fold(word) in _PARTICLES) and not any(c.isdigit() for c in word) for word in found
    )
