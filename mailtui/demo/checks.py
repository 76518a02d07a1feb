"""Whether an entry may be as it is: values, object classes, and the attributes that its name is made of."""

from collections.abc import Mapping, Sequence

from mailtui.demo.matching import equality_key, is_valid, spelled
from mailtui.demo.naming import Name
from mailtui.demo.results import Code, Refusal
from mailtui.demo.schema import AttributeType, ObjectClass, ServerSchema


def checked_values(
    schema: ServerSchema, description: str, values: Sequence[bytes]
) -> tuple[AttributeType, str, tuple[bytes, ...]]:
    """Check values that a client sends; give their type, and description and values as the server spells them.

    Raises:
        Refusal: No such attribute, one that only the server writes, a value that breaks its syntax or comes twice.
    """
    kind, canonical = schema.attribute(description), schema.describe(description)
    if kind is None or canonical is None:
        raise Refusal(Code.UNDEFINED_ATTRIBUTE_TYPE, f"{description}: attribute type undefined")
    if kind.is_fixed:
        raise Refusal(Code.CONSTRAINT_VIOLATION, f"{canonical}: no user modification allowed")
    seen = set()
    for index, value in enumerate(values):
        if not is_valid(schema, kind, value):
            raise Refusal(Code.INVALID_ATTRIBUTE_SYNTAX, f"{canonical}: value #{index} invalid per syntax")
        key = equality_key(schema, kind, value)
        if key in seen:
            raise Refusal(Code.ATTRIBUTE_OR_VALUE_EXISTS, f"{canonical}: value #{index} provided more than once")
        seen.add(key)
    if kind.is_single and len(values) > 1:
        raise Refusal(Code.CONSTRAINT_VIOLATION, f"{canonical}: multiple values provided")
    return kind, canonical, tuple(spelled(schema, kind, value) for value in values)


def structural_class(
    schema: ServerSchema, name: Name, attributes: Mapping[str, Sequence[bytes]], before: str = ""
) -> str:
    """Check an entry against the schema, and give its structural object class, which must be that of `before`.

    Raises:
        Refusal: It breaks the schema.
    """
    for description, values in attributes.items():
        kind = schema.attribute(description)
        if kind and kind.is_single and len(values) > 1:
            message = f"attribute '{description}' cannot have multiple values"
            raise Refusal(Code.CONSTRAINT_VIOLATION, message)
    classes = _classes(schema, attributes.get("objectClass", ()))
    structural = _structural(classes)
    if before and structural != before:
        message = f"structural object class modification from '{before}' to '{structural}' not allowed"
        raise Refusal(Code.OBJECT_CLASS_MODS_PROHIBITED, message)
    _check_name(schema, name, attributes)
    _check_attributes(schema, classes, attributes)
    return structural


def _classes(schema: ServerSchema, values: Sequence[bytes]) -> list[ObjectClass]:
    if not values:
        raise Refusal(Code.OBJECT_CLASS_VIOLATION, "no objectClass attribute")
    found = (schema.object_class(value.decode("utf-8", "surrogateescape")) for value in values)
    return [one for one in found if one]


def _structural(classes: Sequence[ObjectClass]) -> str:
    """Give the most derived structural class: all others of the entry must be above it."""
    structural = [one for one in classes if one.kind == "STRUCTURAL"]
    if not structural:
        raise Refusal(Code.OBJECT_CLASS_VIOLATION, "no structural object class provided")
    lowest = max(structural, key=lambda one: len(one.lineage))
    for other in structural:
        if other.name not in lowest.lineage:
            chain = f"({lowest.name}/{other.name})"
            raise Refusal(Code.OBJECT_CLASS_VIOLATION, f"invalid structural object class chain {chain}")
    return lowest.name


def _check_name(schema: ServerSchema, name: Name, attributes: Mapping[str, Sequence[bytes]]) -> None:
    for attribute, value in name.pairs:
        if attribute not in attributes:
            raise Refusal(Code.NAMING_VIOLATION, f"naming attribute '{attribute}' is not present in entry")
        if not has_value(schema, attribute, attributes[attribute], value.encode("utf-8", "surrogateescape")):
            raise Refusal(Code.NAMING_VIOLATION, f"value of naming attribute '{attribute}' is not present in entry")


def has_value(schema: ServerSchema, attribute: str, values: Sequence[bytes], value: bytes) -> bool:
    """Tell whether a value is among others, by the attribute's equality rule."""
    kind = schema.attribute(attribute)
    if kind is None:
        return False
    key = equality_key(schema, kind, value)
    return any(equality_key(schema, kind, one) == key for one in values)


def _check_attributes(
    schema: ServerSchema, classes: Sequence[ObjectClass], attributes: Mapping[str, Sequence[bytes]]
) -> None:
    present = {description.partition(";")[0] for description in attributes}
    for one in classes:
        missing = sorted(one.must - present)
        if missing:
            message = f"object class '{one.name}' requires attribute '{missing[0]}'"
            raise Refusal(Code.OBJECT_CLASS_VIOLATION, message)
    if any(one.name == "extensibleObject" for one in classes):
        return
    allowed = frozenset().union(*(one.must | one.may for one in classes))
    for attribute in present - allowed:
        kind = schema.attribute(attribute)
        if kind and not kind.is_operational:
            raise Refusal(Code.OBJECT_CLASS_VIOLATION, f"attribute '{attribute}' not allowed")
