"""What a free line says besides naming an account; only a line all of whose words are accounted for is certain.

Accounted for are the account's own identifiers, name, department, title and telephone, dates and labelled numbers, and
a few words that say nothing against it. `Manager: X` is not `X, Manager`: the words that describe an account count only
behind what names it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailtui.cache.folding import digits, fold, identifier_key, name_key, romanised, spelled_out, stored_address_key
from mailtui.cache.folding import words as words_of
from mailtui.queries import mailtext
from mailtui.queries.doubts import negates
from mailtui.queries.mirror import Mirror

_FIND = """
    SELECT name, sort_key, login, employee_number, department, department_path, department_number, title, phone
    FROM account WHERE row = :row
"""
_FIND_ADDRESSES = "SELECT key FROM address WHERE account_row = :row AND kind <> 'forward'"
_OWN = "\x01"
_MONTHS = (
    "jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch|z)?|maerz|mrz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?"
    "|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?"
)
_NEUTRAL_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\d{4}\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号])?|\d{1,2}\s*月\s*\d{1,2}\s*[日号]|\d{1,2}\s*月底?",
        r"\b\d{4}[./-]\d{1,2}[./-]\d{1,2}(?:t[\d:.]+z?)?(?![\d\w])",
        r"(?<![\d\w])\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})?(?![\d\w])",
        rf"(?<![\d\w])\d{{1,2}}(?:\.|st|nd|rd|th)?[ -](?:{_MONTHS})\b\.?(?:[ ,-]*\d{{4}})?(?![\d\w])",
        rf"\b(?:{_MONTHS})\b\.?(?: \d{{1,2}}(?:st|nd|rd|th)?(?![\d\w]))?(?:,? \d{{4}}(?![\d\w]))?",
        r"(?<![\d\w])\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?(?![\d\w])",
        r"\b(?:tel(?:ephone|efon)?|phone|fon|mobile?|mobil|fax|room|raum)\.?[:#]? ?\+?\d[\d ()/.-]*(?![\w@])",
        r"(?:电话|手机|分机|房间)[: ]*\+?\d[\d ()/.-]*(?![\w@])",
        r"(?<![\w+])\+\d[\d ()/.-]{5,}(?![\w@])",
    )
)
_LABEL = re.compile(
    r"\b(?:(?:staff|employee|personnel|emp|pers|personal)[ .-]*(?:(?:no|nr|id|number|num|nummer)\b\.?|#)|personalnummer"
    r"|(?:log-?in|user|account)(?: ?(?:name|id))?|id|no\.|nr\.?|number|uid|e-?mail(?: ?address)?|mail|address|adresse"
    r"|name|department|dept|abteilung|title|position|phone|tel|telephone|telefon|mobile|ext)(?=$|[\s:.,;#\x01(])"
)
_ANYWHERE_WORDS = """
    mr mrs ms miss herr herrn frau dr prof leaves leaving left leaver leavers departure departed departing resigned
    retired retires austritt ausgeschieden monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri
    montag dienstag mittwoch donnerstag freitag
"""
_ANYWHERE = frozenset(_ANYWHERE_WORDS.split())
_BEHIND_WORDS = "as of from per on date zum ab am effective since seit"
_BEHIND = frozenset(_BEHIND_WORDS.split())
_PHRASES = re.compile(
    r"\blast (?:working )?day\b(?: is\b)?|\b(?:exit|end|leaving|termination) date\b|\bletzter (?:arbeits)?tag\b"
    r"|\bscheidet (?:zum .{0,12})?aus\b|\btritt (?:zum .{0,12})?aus\b|\bhas left\b|\bis leaving\b"
)
_HAN_NEUTRAL = re.compile(
    "最后工作日|最后一天|离职日期|离职人员|离职|已离职|离岗|退休|辞职|员工编号|员工号|工号|编号|邮箱地址|电子邮箱|电子邮件|邮箱|邮件|账号|帐号|登录名|用户名"
    "|姓名|部门|职位|职务|岗位|电话|日期|先生|女士|小姐|同事|为|于|自|起|是|年|月|日|号|[一二三四五六日]?周[一二三四五六日]"
)
_SIGNS = re.compile(r"[\s.,;:()<>\[\]{}\"'|/\\\-–—•·*_+&“”„‘’«»、。，；：（）【】《》`○●▪◦‣\x01]+")
_SUSPECT = re.compile(
    r"[-=–—~]+>|<[-=]+|//|[\[(（]\s*[\])）]|[?!？！]|:\s*$|#(?!\s?\d)|^\s*[(（\[][^()（）\[\]]*[)）\]]\s*$"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the mirror knows of one account that a line may say of it; texts are folded."""

    names: tuple[str, ...]
    identifiers: frozenset[str]
    addresses: frozenset[str]
    descriptions: tuple[str, ...]
    phone: str

    def accounts_for(self, text: str) -> bool:
        """Tell whether all that a line says is this account, or says nothing against it."""
        bare = mailtext.bare(text)
        if self._is_whole(bare):
            return True
        if _SUSPECT.search(bare):
            return False
        own = self._own(bare)
        before, found, behind = own.partition(_OWN)
        if not found:
            return False
        return self._is_plain(before, ()) and self._is_plain(behind, self.descriptions)

    def is_headed_by(self, heading: str) -> bool:
        """Tell whether a heading in the midst of a list says nothing but where or when this account is found."""
        rest = fold(mailtext.bare(heading)).rstrip(": ")
        return not negates(heading) and self._is_plain(rest, self.descriptions)

    def _is_whole(self, text: str) -> bool:
        if name_key(text) in map(name_key, self.names) or identifier_key(text) in self.identifiers:
            return True
        return stored_address_key(text) in self.addresses

    def _own(self, text: str) -> str:
        """Fold a text and put a mark in the place of all that names the account."""
        marked = mailtext.ADDRESS.sub(self._address, text.replace("mailto:", " "))
        folded = fold(marked)
        phrases = [name for name in self.names if not negates(name)]
        phrases += [key for key in self.identifiers if not negates(key)]
        for phrase in sorted(set(phrases), key=len, reverse=True):
            if phrase in folded:
                folded = _phrase(phrase).sub(_OWN, folded)
        return folded

    def _address(self, found: re.Match[str]) -> str:
        address = found[0].rstrip(".")
        return f" {_OWN} " if stored_address_key(address) in self.addresses else found[0]

    def _is_plain(self, folded: str, descriptions: tuple[str, ...]) -> bool:
        rest = re.sub(r"\+?\d[\d ()/.-]*\d", self._phone, folded)
        for description in descriptions:
            if description in rest:
                rest = _phrase(description).sub(" ", rest)
        for pattern in (*_NEUTRAL_PATTERNS, _PHRASES, _LABEL, _HAN_NEUTRAL):
            rest = pattern.sub(" ", rest)
        names = {word for name in self.names for word in words_of(name)}
        known = (_ANYWHERE | _BEHIND if descriptions is self.descriptions else _ANYWHERE) | names
        return all(word in known and not negates(word) for word in _SIGNS.sub(" ", rest).split())

    def _phone(self, found: re.Match[str]) -> str:
        number = digits(found[0])
        return " " if len(number) > 2 and self.phone.endswith(number.lstrip("0")) else found[0]


def _phrase(text: str) -> re.Pattern[str]:
    starts, ends = (r"(?<!\w)" if text[:1].isascii() else ""), (r"(?!\w)" if text[-1:].isascii() else "")
    return re.compile(f"{starts}{re.escape(text)}{ends}")


def known_of(mirror: Mirror, row: int) -> Known:
    """Give what the mirror knows of an account by its row id."""
    [held] = mirror.ask(_FIND, {"row": row})
    addresses = frozenset(each["key"] for each in mirror.ask(_FIND_ADDRESSES, {"row": row}))
    described = (held["department"], held["department_number"], held["title"], *json.loads(held["department_path"]))
    return Known(
        names=tuple(dict.fromkeys(_names(held["name"], held["sort_key"]))),
        identifiers=frozenset(identifier_key(text) for text in (held["login"], held["employee_number"]) if text),
        addresses=addresses,
        descriptions=tuple(sorted({fold(text) for text in described if text}, key=len, reverse=True)),
        phone=digits(held["phone"] or ""),
    )


def _names(name: str, sort_key: str) -> Iterator[str]:
    folded = fold(name)
    spellings = (folded, name_key(name), romanised(folded), spelled_out(name), " ".join(words_of(sort_key)))
    yield from (spelling for spelling in spellings if spelling)
