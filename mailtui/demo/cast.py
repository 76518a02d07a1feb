"""People whom every sample company has, in this order: the board, names to know, namesakes, and hard names."""

from collections.abc import Iterator
from dataclasses import dataclass

from mailtui.demo.names import PersonName, arabic_name, ascii_form, chinese_name, latin_name


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody with a name of their own; `named_by` is the attribute that their DN begins with."""

    name: PersonName
    title: str = ""
    named_by: str = "uid"


BOARD = (
    Part(latin_name("Margarete", "Ødegaard"), "CEO"),
    Part(chinese_name(("欧阳", "ouyang"), ("文轩", "wenxuan")), "CFO"),
    Part(arabic_name(("ليلى", "Layla"), ("منصور", "Mansour")), "CTO"),
    Part(latin_name("Tomás", "Ibáñez"), "COO"),
    Part(latin_name("Siobhán", "O'Brien"), "CHRO"),
    Part(latin_name("Łucja", "Dąbrowska"), "Director of Corporate Development"),
)

_SURNAMES_READ_THEIR_OWN_WAY = (
    (("陈", "chen"), ("静", "jing")),
    (("曾", "zeng"), ("长乐", "changle")),
    (("单", "shan"), ("重行", "chongxing")),
    (("仇", "qiu"), ("朝", "chao")),
    (("解", "xie"), ("乐", "le")),
    (("查", "zha"), ("和平", "heping")),
    (("翟", "zhai"), ("传", "chuan")),
    (("长孙", "zhangsun"), ("行", "xing")),
    (("尉迟", "yuchi"), ("明", "ming")),
    (("张", "zhang"), ("三", "san")),
)

_NAMESAKES = (
    *[latin_name("Anna", "Müller")] * 3,
    latin_name("Anna", "Mueller"),
    *[chinese_name(("王", "wang"), ("伟", "wei"))] * 4,
    *[arabic_name(("محمد", "Mohammed"), ("الأحمد", "Al-Ahmad"))] * 2,
    *[latin_name("José", "García")] * 2,
)

# What shows, and the attribute of the DN: each has broken a program of this kind, or a terminal.
_HARD = (
    ("Doe, Jane", "cn"),
    ('Robert "Bob" Quote', "cn"),
    ("#1 Hash", "cn"),
    ("Plus+Sign Adder", "cn"),
    ("Back\\slash Tester", "cn"),
    ("Semi;Colon Equals=Sign", "cn"),
    ("<b>Bold</b> Tag", "cn"),
    ("[red]Alert[/red] Markup", "uid"),
    ("[/nope] Closing", "uid"),
    ("[link=file:///etc/passwd]Click[/link]", "uid"),
    ("Emoji 😀 👩‍👩‍👧 Family", "uid"),
    ("Mallory \u202etxt.exe Override", "uid"),
    ("Esc \x1b[31;5mRed\x1b[0m\x1b]0;title\x07 Sequence", "uid"),
    ("New\nLine\r\nBreak\tTab", "uid"),
    ("Bell\x07Back\x08space\x7fDelete", "uid"),
    ("C1 \x9b31m Control", "uid"),
    ("Zero\u200bWidth\u200dJoin \ufeffMark", "uid"),
    ("Z\u0335\u0321a\u0334\u0322l\u0337g\u0338\u0323o\u0336 Combining", "uid"),
    ("e\u0301 Decomposed", "uid"),
    ("Ｆｕｌｌｗｉｄｔｈ Ｌｅｔｔｅｒｓ", "uid"),
    ("{braces} %s %(name)s ${HOME} `id`", "uid"),
    ("Robert'); DROP TABLE account;--", "uid"),
    ("*) (uid=*", "uid"),
    (" Leading and trailing ", "uid"),
    ("None", "uid"),
    ('=HYPERLINK("http://x")', "uid"),
    ("ﷺ Ligature", "uid"),
    ("שלום עולם", "uid"),
    ("Wolfeschlegelsteinhausenbergerdorff " * 8 + "the Very Long", "uid"),
)


def cast() -> Iterator[Part]:
    """Walk the people whom every company has, the most important first."""
    yield from BOARD
    for surname, given in _SURNAMES_READ_THEIR_OWN_WAY:
        yield Part(chinese_name(surname, given))
    for name in _NAMESAKES:
        yield Part(name)
    for number, (shown, attribute) in enumerate(_HARD, start=1):
        last_word = ascii_form(shown.split()[-1])[:20] or "name"
        yield Part(PersonName(shown, "Hard", last_word, f"hard.{last_word}{number}"), named_by=attribute)
