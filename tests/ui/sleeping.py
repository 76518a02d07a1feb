"""Somebody asleep on the keyboard: random keys and pastes, in front of whatever screen there is."""

import random
import string
from collections.abc import Callable
from time import monotonic
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.screen import Screen

from mailtui.desk import Desk
from mailtui.domain.newcomer import Newcomer
from mailtui.domain.plan import Caution, Plan
from mailtui.plans.catalogue import by_name
from mailtui.queries.causes import Cause, CauseKind
from mailtui.ui.batch_errands import BatchErrands
from mailtui.ui.commands import Situation, commands
from mailtui.ui.completing import Completing
from mailtui.ui.dialogs.form import FormDialog, Wish
from mailtui.ui.dialogs.impact import ImpactDialog
from mailtui.ui.dialogs.notice import NoticeDialog
from mailtui.ui.dialogs.palette import PaletteDialog
from mailtui.ui.dialogs.password import PasswordDialog
from mailtui.ui.dialogs.paste import PasteDialog
from mailtui.ui.dialogs.plan import PlanDialog
from mailtui.ui.dialogs.preview import PreviewDialog
from mailtui.ui.dialogs.question import YesNoDialog
from mailtui.ui.dialogs.why import WhyDialog
from mailtui.ui.screens.batch import BatchScreen
from mailtui.ui.screens.batches import BatchesScreen
from mailtui.ui.screens.help import HelpScreen
from mailtui.ui.task_keys import ALL_KEYS
from tests.ui.batches import cut_short, in_conflict, people, saved
from tests.ui.hands import Hands

BURST = 25
# What a keyboard repeats at; stalls of the machine that runs the test are no pauses of the sleeper.
REPEAT_S = 0.03
PASTES = 0.02
NAMED = (
    "up", "down", "left", "right", "pageup", "pagedown", "home", "end", "enter", "escape", "tab", "shift+tab",
    "space", "backspace", "delete", "f1", "f5", "ctrl+c", "ctrl+q", "ctrl+s", "ctrl+z", "ctrl+a", "ctrl+u", "insert",
)  # fmt: skip
# All that the console binds, but for q, which may leave without asking, and W and L, after which nothing could be done.
BOUND = "jkhlgG/*!UVpxe=QoObuyr123?nsctKRS:wiDEmfaXTNMP"
PASTED = (
    "y\n",
    "2\n",
    "y\r2\r3\r",
    "\x1b[201~y\n",
    "anna@example.com\nBo Li, 17\n",
    "张三\t60%\n",
    "\x00\x1b\x07",
)
Making = Callable[["Sleeper"], Screen[Any]]


class Sleeper:
    """Presses keys at random; every confirmation that he gives is noted."""

    def __init__(self, hands: Hands, desk: Desk, seed: int) -> None:
        self.hands, self.desk = hands, desk
        self.was_confirmed: list[object] = []
        self._chance = random.Random(seed)
        self._moment = monotonic()

    async def sleeps_on(self, make: Making | None, number: int) -> None:
        """Press so many keys; a screen that was closed with them is opened again, None is the first one."""
        app = self.hands.app
        screen: Screen[Any] | None = None
        for _burst in range(number // BURST):
            if make is not None and (screen is None or screen not in app.screen_stack):
                screen = make(self)
                app.push_screen(screen, self._note)
            for _key in range(BURST):
                app.post_message(self._event())
            await self.hands.until(lambda: not (app.message_queue_size or app._typed), "the keys to be taken")  # type: ignore[attr-defined]
        await self.hands.until(lambda: app.screen.is_mounted and not app.screen.message_queue_size, "the last keys")

    def _note(self, answer: object) -> None:
        if answer is True or isinstance(answer, Plan):
            self.was_confirmed.append(answer)

    def _event(self) -> events.Event:
        if self._chance.random() < PASTES:
            return events.Paste(self._chance.choice(PASTED))
        key = self._key()
        key.time = self._moment = self._moment + REPEAT_S
        return key

    def _key(self) -> events.Key:
        """Give a key: a bound one, a named one, or any that prints."""
        kind = self._chance.random()
        if kind < 0.35:
            name = self._chance.choice(NAMED)
            return events.Key(name, {"space": " ", "enter": "\r", "tab": "\t"}.get(name))
        printing = string.printable[:94].translate(str.maketrans("", "", "qWL"))
        character = self._chance.choice(BOUND if kind < 0.8 else printing)
        return events.Key(_character_to_key(character), character)

    @property
    def errands(self) -> BatchErrands:
        """What the console has done about batches."""
        return self.hands.main._errands.batches

    def plan(self, number: int) -> Plan:
        """Make a plan of disabling some people."""
        return self.desk.plans.prepare("disable", people(self.desk, number), {})


def everything(desk: Desk) -> dict[str, dict[str, tuple[bytes, ...]]]:
    """Read the whole directory, operational attributes and all but those that a log-in changes."""
    binding = {"authtimestamp", "pwdlastsuccess"}
    with desk.connected() as directory:
        entries = directory.search(desk.directory_config.base, "(objectClass=*)", ["*", "+"])
        return {entry.dn: {k: v for k, v in entry.attributes.items() if k not in binding} for entry in entries}


def _nothing(_desk: Desk) -> None:
    """Prepare nothing."""


def _batches(desk: Desk) -> None:
    in_conflict(desk)
    cut_short(desk, 3, sent=2)
    saved(desk, 2)


def _form(sleeper: Sleeper) -> Screen[Any]:
    async def prepare(wish: Wish) -> Plan:
        return sleeper.desk.plans.prepare("disable", people(sleeper.desk, 2), wish.answers)

    async def confirm(plan: Plan) -> bool:
        return False

    task = by_name("disable")
    return FormDialog(task.title, (task.summary,), task.questions, sleeper.desk.policy, prepare, confirm)


def _join_form(sleeper: Sleeper) -> Screen[Any]:
    async def prepare(wish: Wish) -> Plan:
        return sleeper.desk.plans.prepare("join", people(sleeper.desk, 2), wish.answers)

    async def confirm(plan: Plan) -> bool:
        return False

    task = by_name("join")
    completing = Completing(sleeper.desk.mirror)
    given = {"group": "a"}
    policy = sleeper.desk.policy
    return FormDialog(task.title, (task.summary,), task.questions, policy, prepare, confirm, given, completing)


def _palette(sleeper: Sleeper) -> Screen[Any]:
    main = sleeper.hands.main
    return PaletteDialog(commands(main, {}, Situation(1, True, sleeper.desk.schema), ALL_KEYS))


def _why(_sleeper: Sleeper) -> Screen[Any]:
    cause = Cause(CauseKind.DISABLED, "The account is disabled", "its entry", "enable")
    return WhyDialog("Ann", (cause, cause), can_write=True)


def _preview(sleeper: Sleeper) -> Screen[Any]:
    newcomers = [Newcomer(line=line, name=name) for line, name in ((2, "Anna Berg"), (3, "Пётр"))]
    return PreviewDialog(sleeper.desk.creating.prepare_new(newcomers), sleeper.hands.main._pace)


def _paste(sleeper: Sleeper) -> Screen[Any]:
    return PasteDialog(sleeper.hands.main._looking.match)


def _batch(name: str) -> Making:
    def make(sleeper: Sleeper) -> Screen[Any]:
        main = sleeper.hands.main
        return BatchScreen(sleeper.desk.batch(name), sleeper.desk, main._runner, sleeper.errands)

    return make


SCENES: dict[str, tuple[Callable[[Desk], None], Making | None]] = {
    "main": (_nothing, None),
    "form": (_nothing, _form),
    "plan of one": (_nothing, lambda one: PlanDialog(one.plan(1), 0, one.hands.main._pace)),
    "plan of many": (_nothing, lambda one: PlanDialog(one.plan(12), 3, one.hands.main._pace)),
    "question": (_nothing, lambda one: YesNoDialog("Try again", "Send it again?", one.hands.main._pace)),
    "password": (_nothing, lambda _one: PasswordDialog("operator", "cn=somebody")),
    "notice": (_nothing, lambda _one: NoticeDialog("It did not work", "No.", "Do it again.")),
    "form with offers": (_nothing, _join_form),
    "palette": (_nothing, _palette),
    "why": (_nothing, _why),
    "impact": (_nothing, lambda _one: ImpactDialog("Ann", [Caution("kind", "Ann has the last seat", "the mirror")])),
    "paste": (_nothing, _paste),
    "preview": (_nothing, _preview),
    "keys": (_nothing, lambda _one: HelpScreen(ALL_KEYS, ())),
    "batches": (_batches, lambda one: BatchesScreen(one.desk, one.errands)),
    "batch in conflict": (_batches, _batch("B1")),
    "batch cut short": (_batches, _batch("B2")),
    "batch saved": (_batches, _batch("B3")),
}
