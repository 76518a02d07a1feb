"""A password that does not show itself."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """A password; its repr and str never hold it, only `reveal` does."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """Give the password itself, for the bind that needs it."""
        return self._value

    def __str__(self) -> str:
        return "•••"
