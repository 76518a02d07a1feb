"""Verbs that look things up: find, show, quota. They never ask the directory, and never change anything."""

from contextlib import closing
from enum import StrEnum
from typing import Annotated

import typer

from mailtui.cli import output, shapes
from mailtui.cli.context import options_of
from mailtui.cli.groups import nested_pairs, nested_shape
from mailtui.cli.one_account import the_account
from mailtui.cli.room import GROWTH_COLUMNS, ask_store, growth_csv, growth_row, print_rooms
from mailtui.cli.seats import seats_pairs, seats_shape
from mailtui.domain.account import Account
from mailtui.domain.allocation import Allocation, allocation, departures, value_text, what_text
from mailtui.domain.quota import format_size
from mailtui.plans.friction import why_held
from mailtui.queries.nesting import nested_groups
from mailtui.queries.staffing import seats_told
from mailtui.queries.views import Sort, View
from mailtui.texts import _

CsvOption = Annotated[bool, typer.Option("--csv", help=_("Print CSV."))]
_EVERY = 10_000_000


class QuotaSort(StrEnum):
    """What `quota --sort` orders by, largest first; `full` those first that are full soonest."""

    PERCENT = "percent"
    USED = "used"
    LIMIT = "limit"
    MESSAGES = "messages"
    GROWTH = "growth"
    FULL = "full"


class SumBy(StrEnum):
    """What `quota --by` sums up by."""

    DEPARTMENT = "department"
    PROFILE = "profile"


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the command line."""
    app.command("find", help=_("Accounts that match: name, log-in, address, number, phone, department, in any order."))(
        find
    )
    app.command("show", help=_("One account, everything known."))(show)
    app.command("quota", help=_("Limit, use and percent, with the age of the figure."))(quota)


def find(
    context: typer.Context,
    query: Annotated[
        list[str],
        typer.Argument(
            help=_("Words, and dept:sales quota>90 full<14d growth>1GB idle>60d never is:disabled kind:shared")
        ),
    ],
    limit: Annotated[int, typer.Option(min=1, help=_("At most so many."))] = 50,
    csv: CsvOption = False,
) -> None:
    """Print the accounts that match."""
    with closing(options_of(context).mirrored_desk().mirror()) as mirror:
        accounts = mirror.accounts(View(" ".join(query)), limit)
    if options_of(context).json:
        output.print_json([shapes.account(account) for account in accounts])
    elif csv:
        output.print_csv(
            ("login", "name", "mail", "department", "kind", "standing", "percent", "dn"), map(_csv_row, accounts)
        )
    else:
        header = (_("Name"), _("Log-in"), _("Address"), _("Department"), _("Standing"), _("Quota"))
        output.print_table(header, [_find_row(account) for account in accounts], right=(5,))


def _find_row(account: Account) -> tuple[str, ...]:
    return (
        account.name, account.login, account.mail or "", account.department or "", account.standing.value,
        percent_text(account),
    )  # fmt: skip


def _csv_row(account: Account) -> tuple[object, ...]:
    return (
        account.login, account.name, account.mail, account.department, account.kind, account.standing,
        account.quota.percent, account.dn,
    )  # fmt: skip


def show(
    context: typer.Context, account: Annotated[str, typer.Argument(help=_("An address, log-in or employee number."))]
) -> None:
    """Print one account, and by which rules it is as it is."""
    desk = options_of(context).mirrored_desk()
    with closing(desk.mirror()) as mirror:
        found = the_account(mirror, account)
        told, nested = seats_told(mirror, found), nested_groups(mirror, found.id)
    allotted, held = allocation(found, desk.policy), why_held(found, desk.holds([found.id]), desk.policy)
    if options_of(context).json:
        more = {**seats_shape(told), "hold": held or None, "groups_through": nested_shape(nested)}
        output.print_json({**shapes.allotted(found, allotted), **more})
        return
    on_hold = [(_("On hold"), _("cannot be deleted: {why}").format(why=held) if held else "")]
    output.print_pairs(
        [*_pairs(found), *nested_pairs(nested), *seats_pairs(told), *on_hold, *_allotted_pairs(found, allotted)]
    )


def _pairs(account: Account) -> list[tuple[str, str]]:
    quota = account.quota
    standing = account.standing.value + (f" ({account.delivery.value})" if account.delivery else "")
    use = f"{format_size(quota.used_bytes)} / {limit_text(account)}  {percent_text(account)}"
    return [
        (_("Name"), account.name), (_("Log-in"), account.login), (_("Address"), account.mail or "?"),
        (_("Aliases"), ", ".join(account.aliases)), (_("Forwards"), ", ".join(account.forwards)),
        (_("Kind"), account.kind.value), (_("Profile"), account.profile or ""), (_("Standing"), standing),
        (_("Quota"), use), (_("Use as of"), output.local(quota.as_of)),
        (_("Last log-in"), output.local(account.last_login)),
        (_("Department"), " / ".join(account.department_path)), (_("Department no."), account.department_number or ""),
        (_("Title"), account.title or ""), (_("Employee no."), account.employee_number or ""),
        (_("Phone"), account.phone or ""), (_("Manager"), account.manager.name if account.manager else ""),
        (_("Services"), ", ".join(account.services)),
        (_("Expires"), output.local(account.expires) if account.expires else ""),
        (_("Groups"), ", ".join(group.name for group in account.groups)), ("DN", account.dn),
        (_("As of"), output.local(account.as_of)),
    ]  # fmt: skip


def _allotted_pairs(account: Account, given: Allocation) -> list[tuple[str, str]]:
    rules = [
        (_("Allotted"), f"{what_text(what)} {value_text(what, allotted.value)}  ({allotted.rule})")
        for what, allotted in given.rules
    ]
    return [*rules, *((_("Departs"), departure.sentence) for departure in departures(account, given))]


def quota(
    context: typer.Context,
    query: Annotated[list[str] | None, typer.Argument(help=_("Words as for find; all accounts without."))] = None,
    sort: Annotated[
        QuotaSort | None, typer.Option(help=_("Largest first, or full soonest; as the search orders without."))
    ] = None,
    over: Annotated[
        float | None, typer.Option(min=0, metavar="PERCENT", help=_("Only those above this percentage."))
    ] = None,
    live: Annotated[bool, typer.Option("--live", help=_("Ask the mail store now."))] = False,
    by: Annotated[SumBy | None, typer.Option(help=_("Sum up: what is promised, and what is used of it."))] = None,
    csv: CsvOption = False,
) -> None:
    """Print how full mailboxes are, how they grow, and when they will be full."""
    words = list(query or [])
    if over is not None:
        words.append(f"quota>{over:f}")
    is_turned = sort is not None and sort is not QuotaSort.FULL
    view = View(" ".join(words), sort=Sort(sort.value) if sort else Sort.MATCH, reverse=is_turned)
    desk = options_of(context).mirrored_desk()
    if live:
        ask_store(desk, view)
    with closing(desk.mirror()) as mirror:
        accounts = mirror.accounts(view, _EVERY)
    if by:
        print_rooms(accounts, by is SumBy.PROFILE, is_json=options_of(context).json, is_csv=csv)
    elif options_of(context).json:
        output.print_json([shapes.account(account) for account in accounts])
    elif csv:
        output.print_csv(
            ("login", "name", "limit_bytes", "unlimited", "used_bytes", "percent", "as_of", *GROWTH_COLUMNS),
            (_quota_csv(account) + growth_csv(account) for account in accounts),
        )
    else:
        header: tuple[str, ...] = (_("Name"), _("Log-in"), _("Used"), _("Limit"), _("Percent"), _("As of"))
        rows = [_quota_row(account) for account in accounts]
        if any(account.outlook for account in accounts):
            header = (*header, _("A week"), _("Full in"))
            rows = [(*row, *growth_row(account)) for row, account in zip(rows, accounts, strict=True)]
        output.print_table(header, rows, right=(2, 3, 4, 6))


def _quota_row(account: Account) -> tuple[str, ...]:
    quota = account.quota
    return (
        account.name, account.login, format_size(quota.used_bytes), limit_text(account), percent_text(account),
        output.local(quota.as_of),
    )  # fmt: skip


def _quota_csv(account: Account) -> tuple[object, ...]:
    quota = account.quota
    return (
        account.login, account.name, quota.limit_bytes, quota.unlimited, quota.used_bytes, quota.percent,
        shapes.moment(quota.as_of),
    )  # fmt: skip


def limit_text(account: Account) -> str:
    """Say how much room an account has."""
    if account.quota.unlimited:
        return _("unlimited")
    return _("default") if account.quota.limit_bytes is None else format_size(account.quota.limit_bytes)


def percent_text(account: Account) -> str:
    """Say how full an account is; `?` where that is unknown, `-` where there is no limit to be full of."""
    if account.quota.unlimited:
        return "-"
    return "?" if account.quota.percent is None else f"{account.quota.percent:.0f}%"
