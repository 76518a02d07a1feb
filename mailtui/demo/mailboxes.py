"""What the sample company's mailboxes hold: room and use, log-ins, forwards, and those that are switched off."""

import random
from datetime import datetime, timedelta

from mailtui.domain.rules import encode_time

Attributes = dict[str, list[str]]
GIB = 1 << 30

_LIMITS = (None, 0, GIB, 2 * GIB, 5 * GIB, 10 * GIB, 20 * GIB, 50 * GIB)
# Most have what staff are allotted.
_WEIGHTS = (17, 3, 2, 4, 66, 4, 2, 2)
_SERVICES = ("mail", "smtp", "imap", "pop3", "managesieve", "lda")
_EXTERNAL = ("partner.example.net", "freelance.example.org")
FOREVER = "000001010000Z"


def room(dice: random.Random, today: datetime, limit: int | None = -1) -> Attributes:
    """Give a limit (any, unless one is given; None is the server's default), and how much of it is used."""
    if limit == -1:
        (limit,) = dice.choices(_LIMITS, _WEIGHTS)
    attributes: Attributes = {} if limit is None else {"mailQuota": [str(limit)]}
    if dice.random() < 0.06:
        return attributes
    used = int((limit or 8 * GIB) * _share(dice))
    counted = today - timedelta(hours=dice.randrange(1, 30) if dice.random() < 0.97 else dice.randrange(200, 2000))
    return {**attributes, "mailQuotaUsed": [str(used)], "mailQuotaUsedAt": [stamp(counted)]}


def _share(dice: random.Random) -> float:
    """Give how much of its room a mailbox uses: most a third, a few nearly all or more than there is."""
    chance = dice.random()
    if chance < 0.015:
        return dice.uniform(1.0, 1.15)
    if chance < 0.06:
        return dice.uniform(0.9, 1.0)
    return dice.betavariate(1.4, 3.5) * 0.95


def last_login(dice: random.Random, today: datetime, *, is_leaver: bool = False) -> Attributes:
    """Give when somebody last logged in: mostly this week, some long ago, some never."""
    chance = dice.random()
    if chance < 0.05:
        return {}
    is_idle = is_leaver or chance < 0.15
    hours = dice.randrange(24 * 40, 24 * 800) if is_idle else int(dice.expovariate(1 / 40)) + 1
    return {"mailLastLogin": [stamp(today - timedelta(hours=hours, minutes=dice.randrange(60)))]}


def services(dice: random.Random) -> Attributes:
    """Give what a mailbox may be used with; some have no POP3."""
    return {"enabledService": [one for one in _SERVICES if one != "pop3" or dice.random() < 0.8]}


def standing(dice: random.Random, today: datetime) -> Attributes:
    """Give what few have: switched off in one of the ways, locked, expired, or bound to expire."""
    chance = dice.random()
    if chance < 0.03:
        return {"accountStatus": ["noaccess"]}
    if chance < 0.045:
        return {"accountStatus": ["disabled"]}
    if chance < 0.05:
        return {"accountStatus": ["deleted"]}
    if chance < 0.055:
        return {"pwdAccountLockedTime": [stamp(today - timedelta(minutes=dice.randrange(1, 600)))]}
    if chance < 0.057:
        return {"pwdAccountLockedTime": [FOREVER]}
    if chance < 0.064:
        return {"expiredDate": [stamp(today - timedelta(days=dice.randrange(1, 200)))]}
    if chance < 0.085:
        return {"expiredDate": [stamp(today + timedelta(days=dice.randrange(5, 400)))]}
    return {"accountStatus": ["active"]} if chance < 0.5 else {}


def forwards(dice: random.Random, login: str, colleagues: list[str], *, is_leaver: bool = False) -> Attributes:
    """Give where the mail of some goes: to one or two of the addresses of colleagues, or out of the house."""
    chance = dice.random() / (10 if is_leaver else 1)
    if chance < 0.02 and colleagues:
        return {"mailForwardingAddress": dice.sample(colleagues, min(len(colleagues), dice.choice((1, 1, 2))))}
    if chance < 0.03:
        return {"mailForwardingAddress": [f"{login}@{dice.choice(_EXTERNAL)}"]}
    return {}


def stamp(moment: datetime) -> str:
    """Write a time as the directory keeps it."""
    return encode_time(moment).decode()
