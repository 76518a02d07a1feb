"""Every key of the console but those of tasks, which the catalogue declares; key bar and help are made from both."""

from dataclasses import replace

from mailtui.texts import _
from mailtui.ui.key import Key, bindings, shown

__all__ = ["Key", "bindings", "shown"]

_MOVE, _FIND, _MARK, DO, _SHOW = GROUPS = _("Move"), _("Find"), _("Mark"), _("Do"), _("Show and leave")

CURSOR = (
    Key("move.up", ("up", "k"), "move(-1)", _("up"), _("One line up"), _MOVE),
    Key("move.down", ("down", "j"), "move(1)", _("down"), _("One line down"), _MOVE),
    Key("move.page_up", ("pageup",), "page(-1)", _("page up"), _("One page up"), _MOVE),
    Key("move.page_down", ("pagedown",), "page(1)", _("page down"), _("One page down"), _MOVE),
    Key("move.first", ("g", "home"), "edge(-1)", _("first"), _("To the first line"), _MOVE),
    Key("move.last", ("G", "end"), "edge(1)", _("last"), _("To the last line"), _MOVE),
)
MARKING = (
    Key("table.open", ("enter",), "open", _("open"), _("Show everything about the account"), _SHOW),
    Key("mark.toggle", ("space",), "mark", _("mark"), _("Mark the account, or unmark it, and move on"), _MARK, bar=2),
    Key("mark.range", ("V",), "range", _("range"), _("Begin a range; Space marks all of it"), _MARK),
)
TABLE = (*CURSOR, *MARKING)
TREE = (
    Key("tree.expand", ("right", "l"), "expand", _("unfold"), _("Unfold the unit"), _MOVE),
    Key("tree.collapse", ("left", "h"), "collapse", _("fold"), _("Fold the unit, or go to the one above"), _MOVE),
    Key("tree.open", ("enter",), "open", _("open"), _("Go to the accounts of the unit"), _SHOW),
)
SEE = (
    Key("find.search", ("/",), "search", _("search"), _("Search, or narrow what is shown"), _FIND, bar=1),
    Key("find.sort", ("o",), "sort", _("sort"), _("Sort by the next column"), _FIND),
    Key("find.reverse", ("O",), "reverse", _("reverse"), _("Reverse the order"), _FIND),
    Key(
        "show.lens",
        ("Q",),
        "lens",
        _("quotas"),
        _("The quota lens: limit, use, growth and days until it is full, fullest first; Enter in it asks now"),
        _SHOW,
        bar=7,
    ),
    Key("leave.back", ("escape",), "back", _("back"), _("One level back: the filter first, never the marks"), _SHOW),
)
PANES = (
    Key("pane.left", ("left", "h"), "beside(-1)", _("left"), _("To the pane on the left"), _MOVE),
    Key("pane.right", ("right", "l"), "beside(1)", _("right"), _("To the pane on the right"), _MOVE),
    Key("pane.next", ("tab",), "next_pane(1)", _("next pane"), _("To the next pane"), _MOVE),
    Key("pane.previous", ("shift+tab",), "next_pane(-1)", _("pane before"), _("To the pane before"), _MOVE),
    Key("pane.tree", ("1",), "pane('tree')", _("units"), _("To the units; again folds the pane"), _MOVE),
    Key("pane.table", ("2",), "pane('table')", _("accounts"), _("To the accounts"), _MOVE),
    Key(
        "pane.detail", ("3",), "pane('detail')", _("detail"), _("To the account's detail; again folds the pane"), _MOVE
    ),
)
MARKS = (
    Key("mark.all", ("*",), "mark_all", _("mark all"), _("Mark all that the filter shows"), _MARK),
    Key("mark.invert", ("!",), "mark_invert", _("invert"), _("Invert the marks of all that the filter shows"), _MARK),
    Key("mark.clear", ("U",), "mark_clear", _("unmark"), _("Clear the marks; again brings them back"), _MARK),
    Key("mark.list", ("p",), "paste_list", _("paste"), _("Paste a list of people and mark them"), _MARK, bar=6),
)
HELP = Key("show.help", ("?", "f1"), "help", _("keys"), _("All keys"), _SHOW, bar=10)
MAIN = (
    Key("show.palette", (":",), "palette", _("commands"), _("All that can be done, found by typing"), _SHOW, bar=9),
    Key("show.why", ("w",), "why", _("why"), _("Why somebody cannot log in or gets no mail"), _SHOW, bar=9),
    Key("show.addresses", ("a",), "addresses", _("addresses"), _("The addresses and forwards of the account"), _SHOW),
    Key("show.impact", ("i",), "impact", _("impact"), _("What would break without the accounts"), _SHOW, bar=9),
    Key(
        "undo.last", ("u",), "undo", _("undo"), _("Reverse the last batch, after showing what that changes"), DO, bar=5
    ),
    Key("show.group", ("t",), "group", _("group"), _("A group: who is in it, who owns it, its mail"), _SHOW),
    Key("show.batches", ("b",), "batches", _("batches"), _("What was done, newest first"), _SHOW, bar=8),
    Key("show.copy", ("y",), "copy", _("copy"), _("Copy the address of the account"), _SHOW),
    Key("find.refresh", ("r",), "refresh", _("refresh"), _("Bring the mirror up to date; again stops it"), _FIND),
    Key(
        "do.read_only",
        ("W",),
        "read_only",
        _("read-only"),
        _("Read-only: nothing can be changed; again, and your password, ends that"),
        DO,
        bar=9,
    ),
    Key("show.tour", ("T",), "tour", _("tour"), _("A tour of the main jobs, on the sample company"), _SHOW),
    HELP,
    Key("leave.quit", ("q",), "quit", _("quit"), _("Leave; asks while marks or a batch are open"), _SHOW, bar=11),
)
CLOSE = (Key("dialog.close", ("escape",), "close", _("back"), _("One level back"), _SHOW, bar=12),)
DIGITS = tuple(
    Key(f"plan.digit_{digit}", (digit,), f"digit('{digit}')", digit, _("Begin the number that confirms"), DO)
    for digit in "0123456789"
)
PLAN = (
    *(replace(key, bar=1) if key.id == "move.page_down" else key for key in CURSOR),
    *DIGITS,
    Key("plan.confirm", ("y",), "confirm", _("yes"), _("Carry out the plan for one account"), DO),
)
DEEDS = (
    Key("batch.stop", ("s",), "stop", _("stop"), _("Stop a batch between rows; the rest stays as it is"), DO, bar=3),
    Key(
        "batch.pause",
        ("p",),
        "pause",
        _("pause"),
        _("Have a running batch wait between rows; again goes on"),
        DO,
        bar=3,
    ),
    Key(
        "batch.resume",
        ("c",),
        "resume",
        _("go on"),
        _("Go on with a batch that waits, was cut short or was stopped"),
        DO,
        bar=3,
    ),
    Key("batch.retry", ("t",), "retry", _("try again"), _("Send the failed rows of a batch again"), DO, bar=3),
    Key("batch.undo", ("u",), "undo", _("undo"), _("Reverse a batch, after showing what that changes"), DO, bar=3),
    Key(
        "batch.keep",
        ("K",),
        "keep",
        _("keep theirs"),
        _("Leave accounts in conflict as others made them"),
        DO,
        bar=3,
    ),
    Key(
        "batch.replan",
        ("R",),
        "replan",
        _("plan again"),
        _("Plan the conflicts of a batch again, from what others made of them"),
        DO,
        bar=3,
    ),
)
BATCH = (
    *DEEDS,
    Key("batch.open", ("enter",), "open", _("details"), _("Show or hide what a row changes"), _SHOW, bar=3),
    HELP,
    *CLOSE,
)
SETTLE = Key(
    "batches.settle", ("S",), "settle", _("settle"), _("Find out what became of rows that a crash left open"), DO, bar=3
)
BATCHES = (
    *DEEDS,
    SETTLE,
    Key("batches.open", ("enter",), "open", _("open"), _("Show the rows of the batch"), _SHOW, bar=3),
    HELP,
    *CLOSE,
)
LEAVE = Key("leave.ask", ("ctrl+c",), "leave", _("quit"), _("Leave, after asking"), _SHOW)
LOCK = Key("leave.lock", ("L",), "lock", _("lock"), _("Lock the screen until you prove to be there"), _SHOW)
LOCKED = (Key("lock.leave", ("ctrl+c",), "leave_locked", _("quit"), _("Leave; what runs goes on"), _SHOW, bar=12),)
REPAINT = Key("show.repaint", ("ctrl+l",), "repaint", _("repaint"), _("Paint the screen anew"), _SHOW)
PRESS = (Key("button.press", ("enter", "space"), "press", _("press"), _("Press the button"), DO),)
CHOICE = (
    Key("choice.before", ("up", "k", "left", "h"), "turn(-1)", _("before"), _("Choose the one before"), DO),
    Key("choice.next", ("down", "j", "right", "l"), "turn(1)", _("next"), _("Choose the next"), DO),
    Key("choice.done", ("enter",), "done", _("go on"), _("Go on"), DO, bar=1),
)
FLAG = (
    Key("flag.turn", ("space",), "turn", _("yes or no"), _("Turn it over"), DO, bar=3),
    Key("flag.done", ("enter",), "done", _("go on"), _("Go on"), DO, bar=1),
)
FIELD = (Key("field.done", ("enter",), "submit", _("go on"), _("Go on"), DO, bar=1),)
FORM = (
    Key("form.field", ("tab",), "app.focus_next", _("next field"), _("To the next field"), DO, bar=2),
    Key("form.before", ("shift+tab",), "app.focus_previous", _("field before"), _("To the field before"), DO),
    *CLOSE,
)
OFFERS = (
    Key("offers.next", ("down",), "offer(1)", _("choose"), _("Choose the next of what is offered"), DO, bar=2),
    Key("offers.before", ("up",), "offer(-1)", _("before"), _("Choose the one before"), DO),
    Key("offers.take", ("tab",), "take", _("take it"), _("Take what is offered"), DO, bar=2),
    Key("offers.leave", ("escape",), "no_offers", _("back"), _("Take none of what is offered"), DO, bar=12),
)
PALETTE = (
    Key("palette.next", ("down",), "move(1)", _("choose"), _("The next command"), _MOVE, bar=2),
    Key("palette.before", ("up",), "move(-1)", _("before"), _("The command before"), _MOVE),
    Key("palette.page_down", ("pagedown",), "page(1)", _("page down"), _("One page down"), _MOVE, bar=2),
    Key("palette.page_up", ("pageup",), "page(-1)", _("page up"), _("One page up"), _MOVE),
    *CLOSE,
)
WHY = (
    *CURSOR,
    Key("why.mend", ("enter",), "mend", _("mend it"), _("Open what mends the cause, filled in"), DO, bar=1),
    *(
        Key(
            f"why.mend_{number}", (str(number),), f"mend({number})", str(number), _("Mend the cause of this number"), DO
        )
        for number in range(1, 10)
    ),
    *CLOSE,
)
ADDRESSES = (
    *CURSOR,
    Key("addresses.add", ("n",), "do('add')", _("add alias"), _("Receive at one more address"), DO, bar=1),
    Key("addresses.remove", ("d",), "do('remove')", _("remove"), _("Remove the alias, or the only forward"), DO, bar=1),
    Key("addresses.primary", ("m",), "do('primary')", _("make main"), _("Make the alias the main address"), DO, bar=1),
    Key("addresses.forward", ("f",), "do('forward')", _("forward"), _("Forward mail to one address"), DO, bar=1),
    Key("addresses.stop", ("s",), "do('stop')", _("stop forwarding"), _("Let the mail stay here"), DO, bar=1),
    *CLOSE,
)
GROUP = (
    Key("group.page_down", ("pagedown",), "page(1)", _("page down"), _("One page down"), _MOVE, bar=2),
    Key("group.page_up", ("pageup",), "page(-1)", _("page up"), _("One page up"), _MOVE),
    *CLOSE,
)
PASSWORDS = (
    *CURSOR,
    Key("passwords.copy", ("y",), "copy", _("copy"), _("Copy the password at the cursor"), DO, bar=1),
    Key("passwords.close", ("escape",), "close", _("close"), _("Close the dialog"), DO, bar=2),
)
WELCOME = (
    *CURSOR,
    Key("welcome.copy", ("y",), "copy", _("copy"), _("Copy the letter, with its password"), DO, bar=1),
    Key("welcome.save", ("s",), "save", _("save"), _("Save it to a file that you alone can read"), DO, bar=1),
    Key("welcome.turn", ("l",), "turn", _("language"), _("The letter in another language"), DO, bar=2),
    *CLOSE,
)
PREVIEW = (
    *(replace(key, bar=2) if key.id == "move.page_down" else key for key in CURSOR),
    Key("preview.accept", ("enter",), "accept", _("go on"), _("Go on to the plan"), DO, bar=1),
    Key("preview.leave_out", ("y",), "leave_out", _("leave them out"), _("Go on without the bad lines"), DO, bar=1),
    *CLOSE,
)
SEARCH = (
    Key("search.leave", ("enter", "down", "tab"), "leave", _("to the list"), _("To the accounts found"), _FIND, bar=3),
    Key("search.back", ("escape",), "back", _("clear"), _("Clear the search; once more leaves it"), _FIND, bar=3),
)
RESOLVE = (
    Key("resolve.turn", ("space",), "turn", _("choose"), _("Choose the next candidate, or none"), DO, bar=3),
    Key("resolve.accept", ("enter",), "accept", _("mark them"), _("Mark all that are chosen"), DO, bar=3),
    *CLOSE,
)
ANSWER = (
    Key("answer.yes", ("y",), "yes", _("yes"), _("Yes"), DO, bar=3),
    Key("answer.no", ("n", "escape"), "no", _("no"), _("No"), DO, bar=3),
)

TABLES = (
    TABLE, TREE, SEE, PANES, MARKS, MAIN, (LEAVE, REPAINT, LOCK), LOCKED, PLAN, BATCH, BATCHES, PRESS, CHOICE, FLAG,
    FIELD, FORM, SEARCH, RESOLVE, ANSWER, OFFERS, PALETTE, WHY, ADDRESSES, GROUP, PASSWORDS, WELCOME, PREVIEW,
)  # fmt: skip
"""All tables, each of keys that hold together."""

_TASKS_PLACE = 4
_PLACES = {key.id: key.bar for table in TABLES for key in table}


def place(key_id: str) -> int:
    """Give the place of a key in the key bar; tasks stand together."""
    return _PLACES.get(key_id, _TASKS_PLACE)
