"""The catalogue: each task declared once, so that verbs, keys and dialogs can be made from it."""

import pytest

from mailtui.errors import UsageError
from mailtui.plans.catalogue import TASKS, AnswerKind, by_name


def test_names_and_keys_are_each_used_once() -> None:
    keys = [task.key for task in TASKS if task.key]
    assert len({task.name for task in TASKS}) == len(TASKS)
    assert len(set(keys)) == len(keys)


def test_every_question_can_become_an_option() -> None:
    for task in TASKS:
        for question in task.questions:
            assert question.name.isidentifier()
            assert question.label
            assert question.help
            assert bool(question.choices) is (question.kind is AnswerKind.CHOICE)


def test_defaults_stand_for_answers_that_are_not_given() -> None:
    assert by_name("disable").answered({}) == {"delivery": "", "keep_forwards": False}
    assert by_name("enable").answered({"restore": None}) == {"restore": True}


def test_a_task_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError) as refusal:
        by_name("explode")
    assert "set-quota" in refusal.value.hint
