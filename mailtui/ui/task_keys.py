"""The keys of the first screen: those of its panes and marks, and one for each task that has one."""

from mailtui.plans.catalogue import TASKS
from mailtui.plans.tasks import About, Task
from mailtui.ui import keys
from mailtui.ui.keys import Key


def _key(task: Task, action: str, *, in_bar: bool) -> Key:
    name, title = f"task.{task.name}", task.title.lower()
    return Key(name, (task.key,), f"{action}('{task.name}')", title, task.summary, keys.DO, bar=4 if in_bar else 0)


TASK_KEYS = tuple(_key(task, "task", in_bar=task.in_bar) for task in TASKS if task.key and task.about is not About.UNIT)
UNIT_KEYS = tuple(
    _key(task, "screen.unit_task", in_bar=True) for task in TASKS if task.key and task.about is About.UNIT
)
"""The keys of the org tree, for what is done to the unit at its cursor."""
ALL_KEYS = (
    *keys.TABLE, *keys.PANES, *keys.SEE, *keys.MARKS, *TASK_KEYS, *UNIT_KEYS, *keys.MAIN, keys.LOCK, keys.REPAINT
)  # fmt: skip
