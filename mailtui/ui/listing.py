"""What the list of accounts is asked for, and how one question leads to the next."""

from dataclasses import dataclass, field, replace

from mailtui.queries.views import Sort, UnitLine, View
from mailtui.texts import _
from mailtui.ui.widgets import columns
from mailtui.ui.widgets.columns import Column


@dataclass(frozen=True, slots=True)
class Listing:
    """A view of the accounts, named; as a `is_lens` it shows quotas."""

    view: View = field(default_factory=View)
    unit_name: str = ""
    is_lens: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """What is shown of an account."""
        return columns.LENS if self.is_lens else columns.DESK

    @property
    def title(self) -> str:
        """What the list is."""
        title = _("Quotas") if self.is_lens else _("Accounts")
        return f"{title} · {self.unit_name}" if self.unit_name else title

    @property
    def note(self) -> str:
        """What stands in its place where it is empty."""
        return _("Nobody matches. {leave.back} goes back.") if self.is_narrowed else _("There is no account.")

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves accounts out."""
        return bool(self.view.query or self.view.unit)

    def is_other_than(self, other: "Listing") -> bool:
        """Tell whether it holds other accounts, not the same in another order."""
        return (self.view.query, self.view.unit) != (other.view.query, other.view.unit)

    def searched(self, query: str) -> "Listing":
        """Give the accounts that match."""
        return replace(self, view=replace(self.view, query=query))

    def below(self, unit: UnitLine | None) -> "Listing":
        """Give the accounts of a unit and below, or of all."""
        view = replace(self.view, unit=unit.id if unit else None)
        return replace(self, view=view, unit_name=unit.name if unit else "")

    def sorted_on(self) -> "Listing":
        """Order it by the next of its columns; after the last, as the search found them."""
        sorts = [Sort.MATCH, *(column.sort for column in self.columns if column.sort)]
        return replace(self, view=replace(self.view, sort=sorts[(sorts.index(self.view.sort) + 1) % len(sorts)]))

    def turned_round(self) -> "Listing":
        """Turn its order round."""
        return replace(self, view=replace(self.view, reverse=not self.view.reverse))

    def through_lens(self, is_lens: bool) -> "Listing":
        """Show quotas, the fullest first, or turn back."""
        view = replace(self.view, sort=Sort.PERCENT if is_lens else Sort.MATCH, reverse=is_lens)
        return replace(self, view=view, is_lens=is_lens)
