"""Every task that staff can do, declared once."""

from mailtui.errors import UsageError
from mailtui.plans.addresses import ADD_ALIAS, MAKE_PRIMARY, REMOVE_ALIAS
from mailtui.plans.creating import CREATE
from mailtui.plans.deleting import DELETE
from mailtui.plans.editing import EDIT
from mailtui.plans.expiries import EXPIRE, UNEXPIRE
from mailtui.plans.forwards import FORWARD, STOP_FORWARD
from mailtui.plans.group_mail import ADD_GROUP_ALIAS, REMOVE_GROUP_ALIAS, SET_POSTING
from mailtui.plans.groups import CREATE_GROUP, DELETE_GROUP
from mailtui.plans.leavers import LEAVER
from mailtui.plans.locks import UNLOCK
from mailtui.plans.memberships import ADD_OWNER, GRANT_SEAT, JOIN, LEAVE, REMOVE_OWNER, REVOKE_SEAT
from mailtui.plans.moving import MOVE, RENAME
from mailtui.plans.passwords import RESET_PASSWORD
from mailtui.plans.positions import CHANGE_PROFILE
from mailtui.plans.profiles import APPLY_PROFILE
from mailtui.plans.quotas import FORCE, plan_set_quota
from mailtui.plans.standings import DISABLE, ENABLE
from mailtui.plans.tasks import AnswerKind, Choice, Question, Task
from mailtui.plans.unit_moves import MOVE_UNIT, RENAME_UNIT
from mailtui.plans.units import CREATE_UNIT, DELETE_UNIT
from mailtui.texts import _

__all__ = ["TASKS", "AnswerKind", "Choice", "Question", "Task", "by_name"]

TASKS: tuple[Task, ...] = (
    DISABLE,
    ENABLE,
    LEAVER,
    Task(
        name="set-quota",
        title=_("Set quota"),
        summary=_("Change how much room accounts have."),
        key="=",
        questions=(
            Question(
                "to",
                AnswerKind.SIZE,
                _("Quota"),
                _("10GiB, +2GiB, -1GiB, unlimited, default or profile"),
            ),
            FORCE,
        ),
        planner=plan_set_quota,
        needs=lambda schema: schema.account.quota_limit,
        in_bar=True,
    ),
    APPLY_PROFILE,
    CHANGE_PROFILE,
    CREATE,
    EDIT,
    ADD_ALIAS,
    REMOVE_ALIAS,
    MAKE_PRIMARY,
    FORWARD,
    STOP_FORWARD,
    EXPIRE,
    UNEXPIRE,
    UNLOCK,
    JOIN,
    LEAVE,
    ADD_OWNER,
    REMOVE_OWNER,
    GRANT_SEAT,
    REVOKE_SEAT,
    CREATE_GROUP,
    DELETE_GROUP,
    ADD_GROUP_ALIAS,
    REMOVE_GROUP_ALIAS,
    SET_POSTING,
    RESET_PASSWORD,
    MOVE,
    RENAME,
    DELETE,
    CREATE_UNIT,
    RENAME_UNIT,
    MOVE_UNIT,
    DELETE_UNIT,
)


def by_name(name: str) -> Task:
    """Give a task by its name.

    Raises:
        UsageError: There is no such task.
    """
    for task in TASKS:
        if task.name == name:
            return task
    known = ", ".join(task.name for task in TASKS)
    raise UsageError(_("There is no task “{name}”").format(name=name), hint=_("There are: {known}").format(known=known))
