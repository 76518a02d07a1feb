"""New accounts handed over: their passwords once, shown or in a file, then the letters that welcome them.

Dialogs are imported where they are opened: the first frame does not wait for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.widget import Widget

from mailtui.desk.private_files import spoken, write_privately
from mailtui.domain.account import Kind
from mailtui.texts import _, clean, ngettext
from mailtui.ui.asking import ask
from mailtui.ui.reporting import reporting

if TYPE_CHECKING:
    from mailtui.domain.account import Account
    from mailtui.domain.batch import BatchRow
    from mailtui.domain.secret import Secret

Made = tuple["BatchRow", "Secret"]


@dataclass(frozen=True, slots=True)
class HandingOver:
    """What is done with the passwords of a batch that created accounts; those of many go to a `file`."""

    accounts: tuple[Account, ...]
    file: Path | None = None

    async def hand_over(self, widget: Widget, made: Sequence[Made]) -> None:
        """Show the passwords or write them, then the letters. Must be awaited in a worker."""
        from mailtui.ui.dialogs.passwords import PasswordsDialog

        if self.file is None or not await self._is_written(widget, self.file, made):
            await ask(widget, PasswordsDialog(made, widget.app.copy_to_clipboard))
        with reporting(widget):
            await self._welcome(widget, made)

    async def _is_written(self, widget: Widget, file: Path, made: Sequence[Made]) -> bool:
        """Write the passwords; tells whether they are written: if not they are better shown than lost."""
        from mailtui.ui.dialogs.notice import NoticeDialog

        text = "".join(f"{row.login}\t{secret.reveal()}\n" for row, secret in made)
        try:
            await asyncio.to_thread(write_privately, file, text)
        except OSError as error:
            reason = _("{file} cannot be written: {reason}").format(file=spoken(file), reason=error.strerror)
            await ask(widget, NoticeDialog(_("Passwords"), reason, _("They are shown instead.")))
            return False
        said = ngettext("{file} holds {n} password.", "{file} holds {n} passwords.", len(made))
        hint = _("Only you can read it. Hand them over, then delete it: nothing shows them again.")
        await ask(widget, NoticeDialog(_("Passwords"), said.format(file=spoken(file), n=f"{len(made):,}"), hint))
        return True

    async def _welcome(self, widget: Widget, made: Sequence[Made]) -> None:
        """Show the letters to people; a scanner reads none.

        Raises:
            UsageError: The site's template cannot be used.
        """
        from mailtui.desk.welcoming import letters, templates
        from mailtui.ui.dialogs.welcome import WelcomeDialog

        by_dn = {account.dn: account for account in self.accounts if account.kind is Kind.PERSON}
        welcomed = [(by_dn[row.dn], secret) for row, secret in made if row.dn in by_dn]
        if not welcomed:
            return
        texts = [letters(template, welcomed) for template in await asyncio.to_thread(templates)]
        first, count = welcomed[0][0], len(welcomed)
        if count == 1:
            title = _("Welcome letter: {name}").format(name=clean(first.name))
            name, copy = f"welcome-{first.login}.txt", widget.app.copy_to_clipboard
        else:
            title, name, copy = _("Welcome letters: {n}").format(n=f"{count:,}"), "welcome-letters.txt", None
        await ask(widget, WelcomeDialog(title, texts, free_file(name), copy))


def free_file(name: str) -> Path:
    """Propose a file in the operator's home folder that is not there yet."""
    file = Path.home() / name
    number = 2
    while file.exists():
        file, number = file.with_name(f"{Path(name).stem}-{number}.txt"), number + 1
    return file
