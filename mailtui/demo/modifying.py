"""The steps of a modify, carried out on a copy of an entry's attributes: all of them or none (RFC 4511 section 4.6)."""

from collections.abc import Mapping, Sequence

from mailtui.demo import syntaxes
from mailtui.demo.checks import checked_values
from mailtui.demo.matching import equality_key
from mailtui.demo.requests import Modification, Way
from mailtui.demo.results import Code, Refusal
from mailtui.demo.schema import AttributeType, ServerSchema

Attributes = dict[str, tuple[bytes, ...]]
# One step, checked: what to do, with which type and description, and the values as the server spells them.
Step = tuple[Way, AttributeType, str, tuple[bytes, ...]]


def checked_steps(schema: ServerSchema, steps: Sequence[Modification]) -> list[Step]:
    """Check what can be checked without the entry.

    Raises:
        Refusal: A step cannot be done to any entry.
    """
    checked = []
    for step in steps:
        if step.way is Way.ADD and not step.values:
            raise Refusal(Code.PROTOCOL_ERROR, "modify/add operation requires values")
        if step.way is Way.INCREMENT and len(step.values) != 1:
            raise Refusal(Code.PROTOCOL_ERROR, "modify/increment operation requires single value")
        kind, description, values = checked_values(schema, step.description, step.values)
        if step.way is Way.INCREMENT and kind.syntax != syntaxes.INTEGER:
            message = f"{kind.name}: attribute syntax inappropriate for increment"
            raise Refusal(Code.CONSTRAINT_VIOLATION, message)
        checked.append((step.way, kind, description, values))
    return checked


def modified(schema: ServerSchema, attributes: Mapping[str, tuple[bytes, ...]], steps: Sequence[Step]) -> Attributes:
    """Give an entry's attributes as they are after the steps.

    Raises:
        Refusal: A step adds a value that is there, or takes one that is not.
    """
    after = dict(attributes)
    for way, kind, description, values in steps:
        left = _after_step(schema, way, kind, after.get(description, ()), values)
        if not left or way is Way.REPLACE:
            after.pop(description, None)
        if left:
            after[description] = left
    return after


def _after_step(
    schema: ServerSchema, way: Way, kind: AttributeType, there: tuple[bytes, ...], values: tuple[bytes, ...]
) -> tuple[bytes, ...]:
    if way is Way.REPLACE:
        return values
    if way is Way.ADD:
        return _with_added(schema, kind, there, values)
    if not there:
        word = "delete" if way is Way.DELETE else "increment"
        raise Refusal(Code.NO_SUCH_ATTRIBUTE, f"modify/{word}: {kind.name}: no such attribute")
    if way is Way.INCREMENT:
        return tuple(str(int(value) + int(values[0])).encode() for value in there)
    return without(schema, kind, there, values) if values else ()


def _with_added(
    schema: ServerSchema, kind: AttributeType, there: tuple[bytes, ...], values: tuple[bytes, ...]
) -> tuple[bytes, ...]:
    keys = {equality_key(schema, kind, value) for value in there}
    for index, value in enumerate(values):
        if equality_key(schema, kind, value) in keys:
            message = f"modify/add: {kind.name}: value #{index} already exists"
            raise Refusal(Code.ATTRIBUTE_OR_VALUE_EXISTS, message)
    return there + values


def without(
    schema: ServerSchema, kind: AttributeType, there: tuple[bytes, ...], values: tuple[bytes, ...]
) -> tuple[bytes, ...]:
    """Give values but for some of them.

    Raises:
        Refusal: One that is to be taken is not there.
    """
    left = {equality_key(schema, kind, value): value for value in there}
    for value in values:
        if left.pop(equality_key(schema, kind, value), None) is None:
            raise Refusal(Code.NO_SUCH_ATTRIBUTE, f"modify/delete: {kind.name}: no such value")
    return tuple(left.values())
