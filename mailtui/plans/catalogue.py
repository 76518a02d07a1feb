"""Every task that staff can do, declared once."""

from mailtui.domain.account import Delivery
from mailtui.errors import UsageError
from mailtui.plans.addresses import ADD_ALIAS, MAKE_PRIMARY, REMOVE_ALIAS
from mailtui.plans.deleting import DELETE
from mailtui.plans.editing import EDIT
from mailtui.plans.expiries import EXPIRE, UNEXPIRE
from mailtui.plans.forwards import FORWARD, STOP_FORWARD
from mailtui.plans.locks import UNLOCK
from mailtui.plans.memberships import ADD_OWNER, GRANT_SEAT, JOIN, LEAVE, REMOVE_OWNER, REVOKE_SEAT
from mailtui.plans.moving import MOVE, RENAME
from mailtui.plans.passwords import RESET_PASSWORD
from mailtui.plans.positions import CHANGE_PROFILE
from mailtui.plans.profiles import APPLY_PROFILE
from mailtui.plans.quotas import FORCE, plan_set_quota
from mailtui.plans.standings import plan_disable, plan_enable
from mailtui.plans.tasks import AnswerKind, Choice, Question, Task
from mailtui.texts import _

__all__ = ["TASKS", "AnswerKind", "Choice", "Question", "Task", "by_name"]

TASKS: tuple[Task, ...] = (
    Task(
        name="disable",
        title=_("Disable"),
        summary=_("Take away the log-in of accounts, and decide what becomes of their mail."),
        key="x",
        questions=(
            Question(
                "delivery",
                AnswerKind.CHOICE,
                _("Mail"),
                _("What becomes of mail that still comes in."),
                choices=(
                    Choice(Delivery.RECEIVE.value, _("is still received")),
                    Choice(Delivery.REDIRECT.value, _("is redirected to a colleague")),
                    Choice(Delivery.BOUNCE.value, _("bounces")),
                ),
                default=Delivery.RECEIVE.value,
            ),
            Question(
                "redirect_to",
                AnswerKind.ADDRESS,
                _("Redirect to"),
                _("The address of an active account of this directory."),
                only_when=("delivery", (Delivery.REDIRECT.value,)),
            ),
            Question(
                "keep_forwards",
                AnswerKind.FLAG,
                _("Keep forwards"),
                _("Leave the account's own forwards in place; otherwise they are removed, and come back with enable."),
                default=False,
                only_when=("delivery", (Delivery.RECEIVE.value, Delivery.BOUNCE.value)),
            ),
        ),
        planner=plan_disable,
        needs=lambda schema: schema.account.status,
        in_bar=True,
    ),
    Task(
        name="enable",
        title=_("Enable"),
        summary=_("Let disabled accounts work again."),
        key="e",
        questions=(
            Question(
                "restore",
                AnswerKind.FLAG,
                _("Restore"),
                _("Give back the forwards that the last disable took away."),
                default=True,
            ),
        ),
        planner=plan_enable,
        needs=lambda schema: schema.account.status,
        in_bar=True,
    ),
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
    RESET_PASSWORD,
    MOVE,
    RENAME,
    DELETE,
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
