"""What is asked of those who are to get accounts, and the newcomer that the answers tell of."""

from mailtui.domain.account import Kind
from mailtui.domain.newcomer import Newcomer
from mailtui.plans.tasks import AnswerKind, Answers, Choice, Question
from mailtui.texts import _

TABLE = "table"
"""The answer to `kind` by which many are created from a table."""
_PERSON, _SHARED, _SERVICE = Kind.PERSON.value, Kind.SHARED.value, Kind.SERVICE.value
_KINDS = (
    Choice(_PERSON, _("a person")),
    Choice(_SHARED, _("a shared mailbox")),
    Choice(_SERVICE, _("a service, such as a scanner")),
    Choice(TABLE, _("several, from a table")),
)
_TEXTS = tuple(name for name in Newcomer.__dataclass_fields__ if name not in {"line", "kind", "seats"})
# By another name where another kind must, or need not, answer; a newcomer has one field for both.
_FIELDS = {"called": "name", "place": "department", "until": "expires"}


def _asked(
    name: str,
    label: str,
    said: str,
    *kinds: str,
    answer: AnswerKind = AnswerKind.TEXT,
    default: str | bool | None = "",
) -> Question:
    return Question(name, answer, label, said, default=default, only_when=("kind", kinds))


QUESTIONS = (
    Question(
        "kind",
        AnswerKind.CHOICE,
        _("What"),
        _("Whom or what the account is for; Enter goes on."),
        choices=_KINDS,
        default=_PERSON,
    ),
    _asked("given", _("Given name"), _("Or all of it as the whole name, below."), _PERSON),
    _asked("surname", _("Surname"), _("Chinese names may be in characters: 周 or Zhou."), _PERSON),
    _asked("name", _("Whole name"), _("As it is shown; without it, it is made of the two above."), _PERSON),
    _asked("called", _("Name"), _("Such as Marketing, or Scanner 3rd floor."), _SHARED, _SERVICE, default=None),
    _asked(
        "department", _("Department"), _("The name, path or DN of an org unit."), _PERSON, answer=AnswerKind.UNIT
    ),
    _asked("title", _("Title"), _("The position; the profile follows from it."), _PERSON),
    _asked(
        "owner", _("Owner"), _("Who answers for it."), _SHARED, _SERVICE, answer=AnswerKind.ACCOUNT, default=None
    ),
    _asked(
        "seats",
        _("Seats"),
        _("Who works it, with commas between; its owner does, too."),
        _SHARED,
        answer=AnswerKind.ACCOUNTS,
        default=None,
    ),
    _asked(
        "until", _("Last day"), _("Such as 2027-12-31 or +365d; or never."), _SERVICE, default=None
    ),
    _asked("employee_number", _("Employee no"), _("One that nobody has."), _PERSON),
    _asked("phone", _("Phone"), _("Written like +86 10 5555 1234."), _PERSON),
    _asked("manager", _("Manager"), _("Whom the person reports to."), _PERSON, answer=AnswerKind.ACCOUNT),
    _asked(
        "place",
        _("Department"),
        _("Without one it stands where others of its kind do."),
        _SHARED,
        _SERVICE,
        answer=AnswerKind.UNIT,
    ),
    _asked("login", _("Log-in"), _("Without one it is made of the name, as proposed."), _PERSON, _SHARED, _SERVICE),
    _asked("address", _("Address"), _("Without one it is made of the log-in."), _PERSON, _SHARED, _SERVICE),
    _asked("profile", _("Profile"), _("Another one than the one that fits."), _PERSON, _SHARED, _SERVICE),
    _asked("quota", _("Quota"), _("Such as 10GiB; unlimited, default or profile."), _PERSON, _SHARED, _SERVICE),
    _asked("expires", _("Last day"), _("Such as 2027-12-31 or +180d; or never."), _PERSON, _SHARED),
    _asked("file", _("Table"), _("Its path: headings in the first line, then one a line. Empty: paste it."), TABLE),
    _asked(
        "home",
        _("Department"),
        _("Of people whose line names none."),
        TABLE,
        answer=AnswerKind.UNIT,
    ),
    _asked(
        "passwords_file",
        _("Passwords to"),
        _("A new file that only you can read. It holds secrets: hand them over, then delete it."),
        TABLE,
        default=None,
    ),
    _asked(
        "has_password",
        _("Set a first password"),
        _("Shown once, when it is set."),
        _PERSON,
        _SERVICE,
        TABLE,
        answer=AnswerKind.FLAG,
        default=True,
    ),
)  # fmt: skip


def newcomer_of(answers: Answers) -> Newcomer:
    """Give the one newcomer that answers tell of."""
    told = {_FIELDS.get(name, name): str(answer or "").strip() for name, answer in answers.items()}
    texts = {name: told.get(name, "") for name in _TEXTS}
    return Newcomer(kind=Kind(told.get("kind", _PERSON)), seats=seats_of(told.get("seats", "")), **texts)  # type: ignore[arg-type]


def seats_of(text: str) -> tuple[str, ...]:
    """Give the accounts that a text names, with commas or semicolons between them."""
    return tuple(filter(None, map(str.strip, text.replace(";", ",").split(","))))
