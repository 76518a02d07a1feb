"""Addresses and log-ins that were taken from somebody of late, and that nobody else is to get for a while."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Whose an address or log-in was last, and until when it is kept from others."""

    account_id: str
    login: str
    name: str
    until: datetime
