"""A list names accounts: no row is ever taken for somebody else without a person being asked."""

import codecs
from collections.abc import Callable

import pytest

from mailtui.domain.account import Kind
from mailtui.queries.lists import ListMatch, Verdict, match, read_list
from mailtui.queries.listtext import Shape, read
from mailtui.queries.mirror import Mirror
from tests.cache.records import person

Filled = Callable[..., Mirror]

COMPANY = (
    person(
        "asmith", "Anna Smith", mail="anna.smith@example.com", employee_number="10023", aliases=("a.smith@example.org",)
    ),
    person("bjones", "Bob Jones", mail="bob.jones@example.com", employee_number="10024"),
    person("jlee1", "Jan Lee", mail="jan.lee@example.com", employee_number="10031"),
    person("jlee2", "Jan Lee", mail="jan.lee2@example.com", employee_number="10032"),
    person("anna", "Anna Jonker", mail="anna.jonker@example.com", employee_number="10040"),
    person("rmueller", "Rüdiger Müller", mail="r.mueller@example.com", employee_number="10050"),
    person("zhangwei", "张伟", mail="zhang.wei@example.com", employee_number="10060"),
    person("zw2", "章薇", mail="zhang.wei2@example.com", employee_number="10061"),
    person("ouyang", "欧阳娜娜", mail="ouyang@example.com", employee_number="10062"),
    person("lina", "李娜", mail="li.na@example.com", employee_number="10063"),
    person("klee", "Kim Lee", mail="kim.lee@example.com", employee_number="10070"),
    person("sales", "Sales Desk", mail="sales@example.com", kind=Kind.SHARED),
    person("mike", "Mike O'Brien, Jr.", mail="mike@example.com", employee_number="E-77"),
)


def verdicts(found: ListMatch) -> list[str]:
    """Each row as `exact asmith`, `ambiguous jlee1 jlee2`, `unknown`."""
    return [" ".join([row.verdict.value, *sorted(c.login for c in row.candidates)]) for row in found.rows]


@pytest.fixture
def company(filled: Filled) -> Mirror:
    return filled(*COMPANY)


ONE_ROW = {
    "anna.smith@example.com": "exact asmith",
    "A.Smith@Example.ORG": "exact asmith",
    "ASMITH": "exact asmith",
    "10023": "exact asmith",
    "e-77": "exact mike",
    "Anna Smith": "exact asmith",
    "anna  SMITH": "exact asmith",
    "Jan Lee": "ambiguous jlee1 jlee2",
    "Rudiger Muller": "exact rmueller",
    "Ruediger Mueller": "probable rmueller",
    "Smith Anna": "probable asmith",
    "Ana Smith": "probable asmith",
    "Anna Maria Smith": "probable asmith",
    "张伟": "exact zhangwei",
    "张 伟": "exact zhangwei",
    "zhang wei": "probable zhangwei zw2",
    "Wei Zhang": "probable zhangwei zw2",
    "章伟": "probable zhangwei zw2",
    "歐陽娜娜": "probable ouyang",
    "Zaphod Beeblebrox": "unknown",
    "anna.smith@elsewhere.org": "unknown",
    "99999": "unknown",
    "Anna Smith <anna.smith@example.com>": "exact asmith",
    '"Jan Lee" <jan.lee2@example.com>': "exact jlee2",
    "Jan Lee (10031)": "exact jlee1",
    "Anna Smith <bob.jones@example.com>": "ambiguous asmith bjones",
    "Anna Smith <anna.smith@partner.org>": "probable asmith",
    "Mike O'Brien, Jr.": "exact mike",
    "asmith (10024)": "ambiguous asmith bjones",
}


@pytest.mark.parametrize("line", ONE_ROW)
def test_one_line_of_a_plain_list(company: Mirror, line: str) -> None:
    found = match(company, f"{line}\nlina\n")
    quoted = '"' + line.replace('"', '""') + '"'
    assert verdicts(found)[-1] == "exact lina"
    if not found.header:
        assert verdicts(found)[0] == ONE_ROW[line]
    assert verdicts(match(company, f"lina\n{quoted}\n"))[1] == ONE_ROW[line]


TABLES = {
    # The strongest key that matches one account decides; a weaker one that fits several, that one included, is no harm.
    "name,mail\nJan Lee,jan.lee@example.com": ["exact jlee1"],
    "name,staff no\nJan Lee,10032": ["exact jlee2"],
    "E-mail;Staff No.;Name\nanna.smith@example.com;10023;Anna Smith": ["exact asmith"],
    "mail,staff no\nanna.smith@example.com,10024": ["ambiguous asmith bjones"],
    "mail,name\nanna.smith@example.com,Bob Jones": ["ambiguous asmith bjones"],
    "mail,name\nanna.smith@example.com,Jan Lee": ["ambiguous asmith jlee1 jlee2"],
    "mail,name\nanna.smith@example.com,Anna Married": ["exact asmith"],
    "mail,staff no\ngone@example.com,10023": ["exact asmith"],
    "staff no,name\n99999,Anna Smith": ["probable asmith"],
    "staff no,name\n,Anna Smith": ["exact asmith"],
    "staff no,name\nn/a,Anna Smith": ["exact asmith"],
    "name,department,manager\nAnna Smith,Sales,bjones": ["exact asmith"],
    "First name,Last name\nAnna,Smith\nJan,Lee": ["exact asmith", "ambiguous jlee1 jlee2"],
    "姓名,工号,邮箱\n张伟,10060,\n李娜,,li.na@example.com": ["exact zhangwei", "exact lina"],
    "姓名\t账号\n欧阳娜娜\touyang": ["exact ouyang"],
    "user\nasmith\n10023@example.com": ["exact asmith", "unknown"],
    "log-in,last day\nasmith,2026-11-30\nbjones,2026-11-30": ["exact asmith", "exact bjones"],
    # Without headings each cell is tried.
    "10023,Anna Smith\n10024,Bob Jones": ["exact asmith", "exact bjones"],
    "asmith;2026-11-30\nbjones;2026-12-31": ["exact asmith", "exact bjones"],
    "Who,Contact\nAnna,anna.smith@example.com\nBob,bob.jones@example.com": ["ambiguous anna asmith", "exact bjones"],
    "Smith,Anna\nJones,Bob": ["probable asmith", "probable bjones"],
    "10023,asmith,30\n10099,bjones,30": ["exact asmith", "exact bjones"],
    "anna.smith@example.com,bob.jones@example.com\nlina,x": ["ambiguous asmith bjones", "exact lina"],
    # Quotes of RFC 4180, with separators and line ends within.
    'name,mail\n"Smith, Anna","anna.smith@example.com"\n"Jan\nLee",10031': ["exact asmith", "ambiguous jlee1 jlee2"],
    'name;login\n"Mike O\'Brien, Jr.";mike\n"""quoted""";lina': ["exact mike", "exact lina"],
    # Two rows for one account are one row.
    "asmith\n10023\nanna.smith@example.com\nbjones": ["exact asmith", "exact bjones"],
    # A heading's word is a heading, unless it might be somebody.
    "Leavers\nasmith\nbjones": ["exact asmith", "exact bjones"],
    "gone@example.com\nasmith": ["unknown", "exact asmith"],
    "99999\nasmith": ["unknown", "exact asmith"],
    "": [],
    "\n \n": [],
}


@pytest.mark.parametrize("text", TABLES)
def test_tables_and_plain_lists(company: Mirror, text: str) -> None:
    assert verdicts(match(company, text)) == TABLES[text]
    assert verdicts(match(company, "\ufeff" + text.replace("\n", "\r\n"))) == TABLES[text]


def test_a_heading_that_is_somebodys_log_in_is_never_silently_either(filled: Filled) -> None:
    mirror = filled(person("mail", "Mail Service"), person("asmith", "Anna Smith"))
    assert verdicts(match(mirror, "mail\nasmith")) == ["ambiguous mail", "exact asmith"]
    assert verdicts(match(mirror, "mail,name\n,Anna Smith")) == ["exact asmith"]


def test_a_row_knows_its_line_its_key_and_what_repeats_it(company: Mirror) -> None:
    found = match(company, 'name,mail\n"Anna\nSmith",\n\n,ANNA.SMITH@example.com\n')
    [row] = found.rows
    assert (row.line, row.key, row.repeats, found.header) == (2, "Anna Smith", (5,), "name,mail")
    assert row.account is not None
    assert row.account.login == "asmith"


def test_two_accounts_with_one_number_are_ambiguous(filled: Filled) -> None:
    mirror = filled(person("a", "Al", employee_number="7"), person("b", "Bo", employee_number="7"))
    assert verdicts(match(mirror, "number,staff no,name\n,7,\n,7,Bo")) == ["ambiguous a b", "exact b"]


MAIL = """From: Kim Lee <kim.lee@example.com>
To: helpdesk@example.com
Subject: Leavers in November

Hi team,

please disable the following accounts by Friday, 27 November 2026:

1. Anna Smith <anna.smith@example.com>
2) bob jones (10024)
- zhang wei (10060)
* Jan Lee
• 李娜，工号 10063
Rudiger Muller, Sales, last day 30 Nov
oyang nana
- Zaphod Beeblebrox
- ghost@example.com
- Trillian (99999)

Their files go to jan.lee@example.com as agreed.

Best regards,
Kim Lee
Human Resources
kim.lee@example.com | +49 30 10070
"""


def test_a_mail_as_it_is_gives_its_entries_and_no_one_else(company: Mirror) -> None:
    assert read(MAIL).shape is Shape.MAIL
    found = {
        row.text: " ".join([row.verdict, *sorted(c.login for c in row.candidates)]) for row in match(company, MAIL).rows
    }
    assert found == {
        "1. Anna Smith <anna.smith@example.com>": "exact asmith",
        "2) bob jones (10024)": "exact bjones",
        "- zhang wei (10060)": "exact zhangwei",
        "* Jan Lee": "ambiguous jlee1 jlee2",
        "• 李娜，工号 10063": "exact lina",
        "Rudiger Muller, Sales, last day 30 Nov": "probable rmueller",
        "oyang nana": "probable ouyang",
        "- Zaphod Beeblebrox": "unknown",
        "- ghost@example.com": "unknown",
        "- Trillian (99999)": "unknown",
        "Their files go to jan.lee@example.com as agreed.": "probable jlee1",
    }


CHINESE_MAIL = """各位好：

请停用以下离职人员的邮箱账号：

张伟 10060
李娜（10063）
欧阳娜娜 ouyang@example.com

谢谢！
Kim Lee
"""


def test_a_chinese_mail_in_the_encoding_of_its_sender(company: Mirror) -> None:
    found = match(company, read_list(CHINESE_MAIL.encode("gb18030")))
    assert verdicts(found) == ["exact zhangwei", "exact lina", "exact ouyang"]


SAID = {
    "Hi,\nplease disable Anna Smith and bob.jones@example.com today.": ["probable bjones", "probable asmith"],
    "Hello Anna,\nplease switch off 10024 by Friday.\nThanks, Kim": ["probable bjones"],
    "Dear colleagues,\nthe report of 2026 is attached, call +49 30 10024 for it.\nRegards\nKim Lee": [],
    "Hi,\nAnna Smith\nBob Jones\nThanks\nKim Lee\nHR": ["exact asmith", "exact bjones"],
    "Hi,\nAnna\nThanks": ["probable anna"],
    "> Hi,\n> - asmith\n> - bjones\n": ["exact asmith", "exact bjones"],
    "Hi all\n\nasmith\nbjones\n\n--\nKim Lee": ["exact asmith", "exact bjones"],
    "Hi\n- Anna Smith\nBest,\nKim Lee\n- Bob Jones": ["exact asmith", "probable bjones"],
    "Hi,\nLeavers:\nAnna Smith - 10023\nBob Jones – 10024": ["exact asmith", "exact bjones"],
}


@pytest.mark.parametrize("text", SAID)
def test_what_a_sentence_mentions_is_never_exact_and_a_signature_is_nobody(company: Mirror, text: str) -> None:
    assert verdicts(match(company, text)) == SAID[text]


@pytest.mark.parametrize(
    "data",
    [
        "姓名\n张伟".encode(),
        codecs.BOM_UTF8 + "姓名\n张伟".encode(),
        "姓名\n张伟".encode("gb18030"),
        "姓名\n张伟".encode("utf-16"),
        codecs.BOM_UTF16_BE + "姓名\n张伟".encode("utf-16-be"),
    ],
)
def test_every_encoding_says_the_same(company: Mirror, data: bytes) -> None:
    assert verdicts(match(company, read_list(data))) == ["exact zhangwei"]


@pytest.mark.parametrize("data", [b"\x00\xff\xfe\x81", b"\xff\xfe\x00", b"a" * 200_000])
def test_a_file_that_is_no_list_does_no_harm(company: Mirror, data: bytes) -> None:
    assert not match(company, read_list(data)).of(Verdict.EXACT)
