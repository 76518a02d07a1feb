"""The server's own two entries: the root DSE (RFC 4512 section 5.1) and the subschema entry (section 4.2)."""

from mailtui.demo.controls import SUPPORTED
from mailtui.demo.entries import SUBSCHEMA, Entry
from mailtui.demo.naming import Name, name
from mailtui.demo.schema import ServerSchema
from mailtui.demo.tree import Tree

START_TLS = "1.3.6.1.4.1.1466.20037"
MODIFY_PASSWORD = "1.3.6.1.4.1.4203.1.11.1"  # noqa: S105  # an OID
WHO_AM_I = "1.3.6.1.4.1.4203.1.11.3"

_FEATURES = (
    "1.3.6.1.1.14",  # modify-increment, RFC 4525
    "1.3.6.1.4.1.4203.1.5.1",  # all operational attributes, RFC 3673
    "1.3.6.1.4.1.4203.1.5.2",  # attributes by object class, RFC 4529
    "1.3.6.1.4.1.4203.1.5.3",  # absolute true and false filters, RFC 4526
)


def root_dse(tree: Tree) -> Entry:
    """Make the entry that says what the server is and can do."""
    attributes = {
        "objectClass": ("top", "extensibleObject"),
        "structuralObjectClass": ("extensibleObject",),
        "namingContexts": (tree.base.text,),
        "supportedControl": tuple(SUPPORTED),
        "supportedExtension": (START_TLS, MODIFY_PASSWORD, WHO_AM_I),
        "supportedFeatures": _FEATURES,
        "supportedLDAPVersion": ("3",),
        "vendorName": ("mailtui embedded directory",),
        "subschemaSubentry": (SUBSCHEMA,),
        "entryDN": ("",),
    }
    return Entry(Name((), (), ()), {key: _raw(values) for key, values in attributes.items()}, 0)


def subschema(schema: ServerSchema) -> Entry:
    """Make the entry that holds the schema's own text."""
    attributes = {
        "objectClass": ("top", "subentry", "subschema", "extensibleObject"),
        "structuralObjectClass": ("subentry",),
        "cn": ("Subschema",),
        "subschemaSubentry": (SUBSCHEMA,),
        "entryDN": (SUBSCHEMA,),
        **schema.texts,
    }
    return Entry(name(schema, SUBSCHEMA), {key: _raw(values) for key, values in attributes.items()}, 0)


def _raw(values: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(value.encode() for value in values)
