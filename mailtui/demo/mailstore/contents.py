"""What the sample company's mailboxes hold at first: the same for the same log-in, and as much as is used."""

import random

from mailtui.demo.mailstore.mailbox import INBOX, Folder, Mailbox
from mailtui.demo.mailstore.owners import Owner
from mailtui.demo.mailstore.settings import DEFAULT_LIMIT

_KIB = 1 << 10
# Name, weight, and how large a message in it is, in KiB.
_USUAL = ((INBOX, 40, 75), ("Sent", 25, 90), ("Trash", 6, 50), ("Junk", 2, 15), ("Drafts", 1, 40))
_OWN = (
    ("Archive", 20, 60),
    ("Archive/2024", 15, 60),
    ("Archive/2025", 18, 70),
    ("Projects/2026", 12, 200),
    ("Clients/Köln", 8, 80),
    ("客户/上海", 8, 80),
    ("R&D, 50% off", 3, 30),
    ("Newsletters", 4, 45),
    ("Team", 5, 50),
)
_RULES = (
    ("rules", 'require ["fileinto"];\r\nif header :contains "list-id" "news" {\r\n  fileinto "Newsletters";\r\n}\r\n'),
    ("vacation", 'require ["vacation"];\r\nvacation :days 7 "I am out of the office.";\r\n'),
)


def mailbox(owner: Owner) -> Mailbox:
    """Give the mailbox of an account as it is before anybody asks for it."""
    dice = random.Random(f"mailbox of {owner.login}")  # noqa: S311
    used = _used(dice, owner)
    made = Mailbox()
    if used:
        _fill(dice, made, used)
    else:
        made.folders[INBOX] = _folder(dice, 0, 1)
    if used and dice.random() < 0.15:
        name, text = dice.choice(_RULES)
        made.scripts[name] = text
        made.active = name if dice.random() < 0.8 else ""
    return made


def _used(dice: random.Random, owner: Owner) -> int:
    """Give how many bytes are used: what the directory says; of a mailbox it does not know of, some if it is in use."""
    share = dice.betavariate(1.4, 3.5) * 0.95
    if owner.used is not None:
        return owner.used
    return int((owner.limit or DEFAULT_LIMIT) * share) if owner.last_login else 0


def _fill(dice: random.Random, made: Mailbox, used: int) -> None:
    chosen = [*_USUAL, *sorted(dice.sample(_OWN, dice.randrange(4)))]
    weights = [weight * dice.uniform(0.4, 1.6) for _name, weight, _kib in chosen]
    sizes = [int(used * weight / sum(weights)) for weight in weights]
    # Whatever is lost by rounding: together they hold every byte.
    sizes[0] += used - sum(sizes)
    for (name, _weight, kib), size in zip(chosen, sizes, strict=True):
        made.folders[name] = _folder(dice, size, kib)


def _folder(dice: random.Random, size: int, kib: int) -> Folder:
    messages = max(1, int(size / (kib * _KIB * dice.uniform(0.6, 1.8)))) if size else 0
    return Folder(messages, size, f"{dice.getrandbits(128):032x}")
