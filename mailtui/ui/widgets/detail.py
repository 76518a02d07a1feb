"""Everything known of one account, in groups, with how old it is."""

from collections.abc import Callable, Iterator, Sequence

from textual.reactive import reactive
from textual.timer import Timer

from mailtui.domain.account import Account, Reference
from mailtui.domain.allocation import Allocation, What, departures, value_text
from mailtui.domain.group import Nested
from mailtui.domain.outlook_words import full_text, growth_text
from mailtui.domain.quota import format_size
from mailtui.domain.sparkline import sparkline
from mailtui.queries.staff_views import Staff, Work
from mailtui.texts import _, fit
from mailtui.ui import ages, wording
from mailtui.ui.reporting import reporting
from mailtui.ui.seat_facts import Fact, seat_facts
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.spans import Line, Span, wrap

_LABEL = 13
_REST_S = 0.15
_AGE_TICK_S = 30.0


class Detail(Lines):
    """The account at hand, whole."""

    account_id: reactive[str | None] = reactive(None)
    """The account to show, once the cursor that names it rests."""
    account: reactive[Account | None] = reactive(None)
    """The account shown; None shows nothing."""

    def __init__(
        self,
        read: Callable[[str], Account | None],
        allot: Callable[[Account], Allocation],
        seats: Callable[[Account], Staff | Work],
        nested: Callable[[Account], Sequence[Nested]],
        past: Callable[[Account], Sequence[int | None]] = lambda _account: (),
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._read, self._allot, self._seats = read, allot, seats
        self._told: Staff | Work = Work((), ())
        self._nest, self._inside = nested, tuple[Nested, ...]()
        self._past, self._course = past, tuple[int | None, ...]()
        self._resting: Timer | None = None

    def on_mount(self) -> None:
        """Let the ages grow; they go in steps, so little is sent."""
        self.set_interval(_AGE_TICK_S, self.lay_out)

    def watch_account_id(self) -> None:
        """Wait for the cursor to rest: each step would send a pane."""
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(_REST_S, self.show)

    def show(self) -> None:
        """Show the account as the mirror has it now."""
        with reporting(self.screen):
            account = self._read(self.account_id) if self.account_id else None
            told = self._seats(account) if account else Work((), ())
            inside = tuple(self._nest(account)) if account else ()
            course = tuple(self._past(account)) if account else ()
            is_other = (told, inside, course) != (self._told, self._inside, self._course)
            self._told, self._inside, self._course = told, inside, course
            self.account = account
            if is_other:
                self.lay_out()

    def watch_account(self) -> None:
        """Show the account."""
        self.lay_out()

    def lay_out(self) -> None:
        """Set the account's facts out for the width there is."""
        account = self.account
        if account is None or not self.room:
            self.lines = ()
        else:
            self.lines = tuple(_lines(account, self._allot(account), self._told, self._inside, self._course, self.room))


def _lines(
    account: Account,
    allotted: Allocation,
    told: Staff | Work,
    inside: Sequence[Nested],
    course: Sequence[int | None],
    cells: int,
) -> Iterator[Line]:
    for text in wrap(account.name, cells):
        yield ((text, "title"),)
    yield ((_("read {age}").format(age=ages.ago(account.as_of)), "muted"),)
    for title, facts in _groups(account, allotted, told, inside, course, cells - _LABEL):
        yield ()
        yield ((title, "strong"),)
        for label, values in facts:
            yield from _fact(label, values, cells)


def _fact(label: str, values: list[Span], cells: int) -> Iterator[Line]:
    """Give a fact's lines: its label, then each value broken to the room beside it."""
    head = fit(label, _LABEL)
    for text, tone in values or [("–", "muted")]:
        pieces = [text] if tone == "drawn" else wrap(text, max(8, cells - _LABEL))
        for piece in pieces:
            yield ((head, "muted"), (piece, tone))
            head = " " * _LABEL


def _groups(
    account: Account,
    allotted: Allocation,
    told: Staff | Work,
    inside: Sequence[Nested],
    course: Sequence[int | None],
    cells: int,
) -> Iterator[tuple[str, list[Fact]]]:
    yield _("Mailbox"), [*_mailbox(account), *seat_facts(told), *_departures(account, allotted)]
    yield _("Quota"), [*_quota(account), *_outlook(account, course, cells), *_quota_rule(allotted)]
    yield _("Person"), _person(account)
    yield _("Access"), _access(account, inside)
    yield _("Directory"), [(_("DN"), [(account.dn, "")]), (_("Id"), [(account.id, "muted")])]


def _mailbox(account: Account) -> list[tuple[str, list[Span]]]:
    return [
        (_("Log-in"), [(account.login, "")]),
        (_("Standing"), [wording.standing_in_full(account)]),
        (_("Kind"), [(wording.kind(account.kind), "")]),
        (_("Address"), _texts(account.mail)),
        (_("Aliases"), _texts(*account.aliases)),
        (_("Forwards to"), _texts(*account.forwards)),
        (_("Expires"), _texts(ages.date(account.expires) if account.expires else None)),
        (_("Profile"), _texts(account.profile)),
    ]


def _quota(account: Account) -> list[tuple[str, list[Span]]]:
    quota = account.quota
    limit = (
        _("unlimited")
        if quota.unlimited
        else format_size(quota.limit_bytes)
        if quota.limit_bytes
        else _("the server's default")
    )
    age = ages.ago(quota.as_of) if quota.used_bytes is not None else "?"
    percent = "?" if quota.percent is None else f"{quota.percent:g} %"
    used = f"{format_size(quota.used_bytes)} · {percent}"
    return [
        (_("Limit"), [(limit, "")]),
        (_("Used"), [(used, "")]),
        *([] if quota.messages is None else [(_("Messages"), _texts(f"{quota.messages:,}"))]),
        (_("Figure from"), [(_("{source}, {age}").format(source=wording.source(quota.source), age=age), "muted")]),
    ]


def _outlook(account: Account, course: Sequence[int | None], cells: int) -> list[tuple[str, list[Span]]]:
    """Tell how a mailbox grows, and when it will be full, with its course drawn."""
    outlook, known = account.outlook, [used for used in course if used is not None]
    drawn = [(sparkline(course, max(1, min(cells, len(course)))), "drawn")] if len(known) > 1 else []
    facts: list[tuple[str, list[Span]]] = [(_("{days} days").format(days=len(course)), drawn)] if drawn else []
    if outlook is None:
        return facts
    a_week = _("{last} in the last week, {pace} as a rule").format(
        last=growth_text(outlook.last_week), pace=growth_text(outlook.pace)
    )
    full = full_text(outlook.full, outlook.reason, ages.today())
    return [*facts, (_("Growth"), [(a_week, "")]), (_("Full in"), [(full, "" if outlook.full else "muted")])]


def _departures(account: Account, allotted: Allocation) -> list[tuple[str, list[Span]]]:
    found = departures(account, allotted)
    return [(_("Departs"), [(f"! {departure.sentence}", "warning") for departure in found])] if found else []


def _quota_rule(allotted: Allocation) -> list[tuple[str, list[Span]]]:
    quota = allotted.quota_bytes
    return [(_("Allotted"), [(f"{value_text(What.QUOTA, quota.value)} · {quota.rule}", "")])] if quota else []


def _person(account: Account) -> list[tuple[str, list[Span]]]:
    return [
        (_("Title"), _texts(account.title)),
        (_("Employee no"), _texts(account.employee_number)),
        (_("Phone"), _texts(account.phone)),
        (_("Department"), _texts(" › ".join(account.department_path) or account.department)),
        (_("Dept. number"), _texts(account.department_number)),
        (_("Manager"), _references(account.manager)),
    ]


def _access(account: Account, inside: Sequence[Nested]) -> list[tuple[str, list[Span]]]:
    return [
        (_("Services"), _texts(", ".join(account.services))),
        (_("Last log-in"), [(ages.moment(account.last_login), "")]),
        (_("Groups"), [*_references(*account.groups), *map(_through, inside)]),
    ]


def _through(nested: Nested) -> Span:
    return _("{group} (through {other})").format(group=nested.group.name, other=nested.through.name), "muted"


def _texts(*values: str | None) -> list[Span]:
    return [(value, "") for value in values if value]


def _references(*references: Reference | None) -> list[Span]:
    return [(reference.name or reference.dn, "") for reference in references if reference]
