"""The keys of the first screen: those of its panes and marks, and one for each task that has one."""

from mailtui.plans.catalogue import TASKS
from mailtui.ui import keys
from mailtui.ui.keys import Key

TASK_KEYS = tuple(
    Key(
        f"task.{task.name}",
        (task.key,),
        f"task('{task.name}')",
        task.title.lower(),
        task.summary,
        keys.DO,
        bar=4 if task.in_bar else 0,
    )
    for task in TASKS
    if task.key
)
ALL_KEYS = (*keys.TABLE, *keys.PANES, *keys.SEE, *keys.MARKS, *TASK_KEYS, *keys.MAIN)
