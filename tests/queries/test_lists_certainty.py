"""No account is taken for a leaver because a list merely mentions it."""

from collections.abc import Callable

import pytest

from mailtui.queries.lists import ListMatch, Verdict, match
from mailtui.queries.mirror import Mirror
from tests.cache.records import person

Filled = Callable[..., Mirror]

COMPANY = (
    person("u0003", "Cara Hale", mail="u0003@acme.test", employee_number="20003", department_path=("Sales", "Berlin")),
    person(
        "u0004",
        "Zoë Ng",
        mail="u0004@acme.test",
        employee_number="20004",
        department_path=("Sales", "Berlin"),
        title="Account Manager",
        phone="+49 30 5550123",
    ),
    person("u0006", "张伟", mail="u0006@acme.test", employee_number="20006", department_path=("销售部",)),
    person("u0020", "Hans Vogel", mail="u0020@acme.test", employee_number="20020"),
    person("u0021", "Foo Bar", mail="u0021@acme.test", employee_number="20021"),
    person("u0101", "Eve Miller", mail="u0101@acme.test", employee_number="20101", department_path=("HR",)),
)


def verdicts(found: ListMatch) -> list[str]:
    """Each row as `exact u0004`, `unknown`."""
    return [" ".join([row.verdict.value, *sorted(c.login for c in row.candidates)]) for row in found.rows]


def certain(found: ListMatch) -> list[str]:
    """The log-ins that would be acted upon without a question."""
    return [row.account.login for row in found.rows if row.account]


@pytest.fixture
def company(filled: Filled) -> Mirror:
    return filled(*COMPANY)


PLAIN = (
    "u0004@acme.test", "u0004", "20004", "Zoë Ng", "Zoe Ng", "- Zoë Ng",
    "1. Zoë Ng <u0004@acme.test>", "* u0004@acme.test",
    "Zoë Ng (20004)", "Ms Zoë Ng, u0004@acme.test", "Frau Zoë Ng <u0004@acme.test>",
    "Zoë Ng u0004@acme.test staff no 20004",
    "Zoë Ng, Sales, last day 30 Nov", "Zoë Ng | Sales | u0004@acme.test", "Zoë Ng, Account Manager, Sales, Berlin",
    "Zoë Ng - u0004@acme.test - leaves on 30.11.2026",
    "Zoë Ng, Austritt zum 30.11.2026", "Zoë Ng, letzter Tag 30. November",
    "Zoë Ng u0004@acme.test as of 2026-11-30", "Zoë Ng, e-mail: u0004@acme.test, tel: +49 30 5550123",
    "Zoë Ng, u0004@acme.test, +49 30 5550123, last working day: Friday, 27 Nov 2026", "Ng, Zoë <u0004@acme.test>",
    "e-mail: u0004@acme.test", "u0004@acme.test from 1 Dec 2026 18:00", "mailto:u0004@acme.test", "2) 20004 - Zoë Ng",
)  # fmt: skip


@pytest.mark.parametrize("line", PLAIN)
def test_an_ordinary_line_is_certain_in_a_list_and_in_a_mail(company: Mirror, line: str) -> None:
    assert certain(match(company, f"u0003\n{line}\nFoo Bar\nu0006@acme.test, 最后工作日 11月30日\n")) == [
        "u0003", "u0004", "u0021", "u0006"
    ]  # fmt: skip
    bullet = "" if line[0] in "-*12" and line[1] in " .)" else "- "
    mail = f"Hi team,\n\nplease disable the following:\n\n{bullet}{line}\n- Cara Hale\n\nKind regards\nEve Miller\nHR\n"
    assert verdicts(match(company, mail)) == ["exact u0004", "exact u0003"]


CHINESE = (
    "张伟 20006 离职",
    "张伟，销售部，最后工作日 2026年11月30日",
    "张伟先生 u0006@acme.test",
    "姓名：张伟 工号：20006 邮箱：u0006@acme.test",
)


@pytest.mark.parametrize("line", CHINESE)
def test_an_ordinary_chinese_line_is_certain(company: Mirror, line: str) -> None:
    found = match(company, f"u0003\n{line}\n")
    assert [row.candidates[0].login for row in found.rows] == ["u0003", "u0006"]


DENIED = (
    "NOT u0004@acme.test", "not Zoë Ng", "except u0004@acme.test", "Except Zoë Ng",
    "keep u0004@acme.test", "keep Zoë Ng",
    "Zoë Ng - stays", "u0004@acme.test - stays", "u0004@acme.test (not yet)", "Zoë Ng (not yet)", "u0004 (not yet)",
    "u0004@acme.test (postponed to December)", "u0004@acme.test bleibt",
    "Zoë Ng bleibt", "保留 u0004@acme.test", "保留 张伟",
    "u0006@acme.test 不要停用", "张伟 不要停用", "20006 不要停用", "Zoë Ng -> successor X",
    "Zoë Ng -> u0004", "Manager: u0004@acme.test",
    "Manager: Zoë Ng", "cc u0004@acme.test", "cc: u0004@acme.test",
    "forward to u0004@acme.test", "Questions: u0004@acme.test",
    "Contact u0004@acme.test", "Approved by u0004@acme.test", "Successor: u0004", "successor u0004@acme.test",
    "Except u0004@acme.test who stays.", "But keep u0004@acme.test.",
    "Not u0004@acme.test!", "u0004@acme.test stays.",
    "[ ] u0004@acme.test", "[x] u0004@acme.test", "~~u0004@acme.test~~", "u0004@acme.test?", "// u0004@acme.test",
    "# u0004@acme.test", "(u0004@acme.test)", "❌ u0004@acme.test",
    "from u0004@acme.test", "per Zoë Ng", "Zoë Ng's manager",
    "u0004@acme.test: ", "old: u0004@acme.test", "Zoë Ng, u0004@acme.test, Marketing", "Zoë Ng, 99999",
    "Zoë Ng, u0004@acme.test, on leave", "Zoë Ng <u0004@acme.test> zoe@private.org", "u0004@acme.test until 2027",
    "u0004@acme.test no last day", "u0004@acme.test 未离职", "经理 张伟", "~ u0004", "u0004@acme.test != leaver",
)  # fmt: skip


@pytest.mark.parametrize("line", DENIED)
@pytest.mark.parametrize(
    "text",
    [
        "u0003\n{}\nu0021\n",
        "{}\nu0003\n",
        "{}",
        "Hi,\nplease disable:\n- Cara Hale\n- {}\n- Foo Bar\n\nRegards\nEve\n",
        "Hi,\nplease disable:\n\nCara Hale\n{}\nFoo Bar\n\nRegards\nEve\n",
        "Hi,\nplease disable:\n- Cara Hale\n\n{}\n\nRegards\nEve\n",
        "Hi,\n{}\n\nRegards\nEve\n",
        "Hi,\nplease disable Cara Hale\n{}\n",
        "u0003,x\n{},y\n",
    ],
)
def test_a_line_that_says_more_is_never_certain(company: Mirror, text: str, line: str) -> None:
    found = match(company, text.format(line))
    assert not {"u0004", "u0006"} & set(certain(found)), verdicts(found)


def test_a_doubtful_line_keeps_whom_it_may_mean(company: Mirror) -> None:
    found = match(company, "u0003\nkeep u0004@acme.test\nZoë Ng or u0021\nu0004 (20021)\n")
    assert verdicts(found)[:2] == ["exact u0003", "probable u0004"]
    assert verdicts(found)[-1] == "ambiguous u0004 u0021"


HEADED = {
    "Leavers:\nu0003\nStay:\nu0004\n": ["u0003"],
    "Keep\nu0003\nu0004\n": [],
    "u0003\nu0004\n(stays)\n": ["u0003"],
    "Staff no\n20003\n20004\n": ["u0003", "u0004"],
    "u0003\nBerlin:\nu0004\n": ["u0003", "u0004"],
    "u0003\nManagers:\nu0004\n": ["u0003"],
}


@pytest.mark.parametrize("text", HEADED)
def test_what_stands_below_a_heading_that_denies_is_not_certain(company: Mirror, text: str) -> None:
    assert certain(match(company, text)) == HEADED[text]


TABLES = {
    "u0003,stays\nu0004,x\n": ["u0004"],
    "u0003@acme.test;nicht\nu0004@acme.test;30.11.2026\n": ["u0004"],
    "20003,不要停用\n20004,销售部\n": ["u0004"],
    "NOT u0003@acme.test,x\nu0004@acme.test,x\n": ["u0004"],
    "mail,remark\nu0003@acme.test,stays\nu0004@acme.test,x\n": ["u0003", "u0004"],
    "mail,remark\nNOT u0003@acme.test,x\nu0004@acme.test,x\n": ["u0004"],
    "mail,name\nu0003@acme.test,Cara Hale (stays)\nu0004@acme.test,Zoë\n": ["u0004"],
}


@pytest.mark.parametrize("text", TABLES)
def test_a_cell_that_denies_makes_the_row_of_a_table_uncertain(company: Mirror, text: str) -> None:
    assert certain(match(company, text)) == TABLES[text]


LIST = "Hi,\n\nplease disable:\n\n- Cara Hale\n- u0004@acme.test\n"
RUN = "Hi,\n\nplease disable:\n\nCara Hale\nu0004@acme.test\n"
BOTH = ["u0003", "u0004"]
LONG_SIGNATURE = "Eve Miller\nHuman Resources\nAcme GmbH\nMain St 1\n12345 Town\nGermany\nTel 123\n"

MAILS = {
    LIST + "\nRegards\n" + LONG_SIGNATURE + "u0101@acme.test\n": BOTH,
    LIST + "\nRegards\n" + LONG_SIGNATURE + "- Eve Miller, u0101@acme.test\n": BOTH,
    RUN + "\nRegards\n" + LONG_SIGNATURE + "Eve Miller, u0101@acme.test\n": BOTH,
    LIST + "\nRegards\n- Eve Miller, u0101@acme.test\n": BOTH,
    LIST + "\nEve Miller | HR | u0101@acme.test\n": BOTH,
    RUN + "\nEve Miller | HR | u0101@acme.test\n": BOTH,
    RUN + "Eve Miller | HR | u0101@acme.test\n": BOTH,
    RUN + "\nEve Miller | HR | u0101@acme.test\n-- \nAcme": BOTH,
    RUN + "\nEve Miller\n\nu0101@acme.test\n": BOTH,
    "To: a@b.c,\n  Foo <u0021@acme.test>,\n  Hans <u0020@acme.test>\nSubject: x\n\n" + LIST: BOTH,
    "To: a@b.c;\n Foo Bar <u0021@acme.test>\n\n" + RUN: BOTH,
    LIST + "\nAm Mo., 16. Nov. 2026 um 10:00 Uhr schrieb Hans Vogel <u0020@acme.test>:\n> Hallo\n> - Foo Bar\n": BOTH,
    LIST + "\nOn Mon, 16 Nov 2026 at 10:00 Hans Vogel\n<u0020@acme.test> wrote:\n> hello\n": BOTH,
    LIST + "\nOn Mon, 16 Nov 2026 at 10:00 Hans Vogel <\nu0020@acme.test> wrote:\n- Foo Bar\n": BOTH,
    "**From:** Hans Vogel <u0020@acme.test>\n*To:* Foo Bar <u0021@acme.test>\n\n" + LIST: BOTH,
    "**From:** Hans Vogel <u0020@acme.test>\n**To:** Foo Bar <u0021@acme.test>\n\n" + RUN: BOTH,
    LIST + "\n-----Original Message-----\nFrom: Hans Vogel <u0020@acme.test>\n\nHi,\n- Foo Bar\n": BOTH,
    LIST + "\nManagers informed:\n- Hans Vogel\n- Foo Bar\n": BOTH,
    LIST + "\nPlease keep:\n- Hans Vogel\n": BOTH,
    LIST + "\nThe following stay with us:\n\n1. Hans Vogel\n": BOTH,
    "Hi,\nSuccessors:\n- Hans Vogel\n": [],
    "Hi,\nplease do not disable:\n- Hans Vogel\n": [],
    "Hi,\nplease disable:\n- Cara Hale\n  (stays until May)\n- u0004@acme.test\n  last day 30 Nov\n": [],
    "Hello\nFoo Bar,\n\nplease disable the following:\n\nu0004@acme.test\n": [],
    "Hans Vogel\nu0020@acme.test\n\nHi team,\nplease disable:\nCara Hale\nu0004@acme.test\n": BOTH,
    "Hi,\n\nplease disable:\n\nCara Hale\n\nu0004@acme.test\n\nKind regards\nEve Miller\n": BOTH,
    "Hi,\n\nplease disable:\n\n- Cara Hale\n\n- u0004@acme.test\n\nEve Miller\nu0101@acme.test": BOTH,
    "Hallo,\n\nbitte deaktivieren:\n\nCara Hale\nZoë Ng, Austritt 30.11.2026\n\nViele Grüße\nEve Miller\nHR": BOTH,
    "Hi,\nplease disable:\nSales:\n- Cara Hale\nBerlin:\n- Zoë Ng\n\nThanks\nEve Miller\n": BOTH,
    "各位好：\n\n请停用以下离职人员的邮箱：\n\nCara Hale\nZoë Ng\n\n谢谢\nEve Miller\n": BOTH,
}  # fmt: skip
for _closing in (
    "Gruß",
    "VG",
    "KR",
    "Cordialement",
    "Have a nice weekend!",
    "Schöne Grüße",
    "Tschüssi",
    "Ciao Ragazzi",
):
    MAILS[f"{LIST}\n{_closing}\nEve Miller, u0101@acme.test\n"] = BOTH
    MAILS[f"{RUN}\n{_closing}\nEve Miller, u0101@acme.test\n"] = BOTH
    MAILS[f"{RUN}{_closing}\nEve Miller, u0101@acme.test\n"] = BOTH


@pytest.mark.parametrize("text", MAILS)
def test_only_the_main_block_of_a_mail_is_certain(company: Mirror, text: str) -> None:
    found = match(company, text)
    assert certain(found) == MAILS[text], verdicts(found)


def test_what_surely_is_header_quote_or_signature_is_noise(company: Mirror) -> None:
    header = "From: Hans Vogel <u0020@acme.test>\nTo: a@b.c,\n  Foo <u0021@acme.test>\n\n"
    below = "\nVG\nEve Miller, u0101@acme.test\n\nOn Mon, 16 Nov 2026 Hans Vogel\n<u0020@acme.test> wrote:\n> thanks\n"
    assert verdicts(match(company, header + LIST + below)) == ["exact u0003", "exact u0004"]


def test_a_mail_that_is_quoted_whole_is_read_as_it_is(company: Mirror) -> None:
    quoted = "".join(f"> {line}\n" for line in LIST.splitlines())
    assert certain(match(company, quoted)) == BOTH
    assert certain(match(company, f"Hi, see below, this was wrong\n{quoted}")) == []


def test_rows_that_are_not_certain_are_probable_never_dropped(company: Mirror) -> None:
    found = match(company, LIST + "\nEve Miller | HR | u0101@acme.test\n")
    assert [row.verdict for row in found.rows] == [Verdict.EXACT, Verdict.EXACT, Verdict.PROBABLE]
