"""The schema that the embedded directory holds entries to (RFC 4512 section 4), read from slapd's definitions."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

_TOKENS = re.compile(r"'[^']*'|[()$]|[^\s()$']+")
_FLAGS = frozenset(
    ("OBSOLETE", "SINGLE-VALUE", "COLLECTIVE", "NO-USER-MODIFICATION", "ABSTRACT", "STRUCTURAL", "AUXILIARY")
)
_NOT_OURS = re.compile(r"NAME (?:\( )?'(?:olc|suse)")
# What slapd has built in and ldap3's schema text, which is older, lacks.
_BUILT_IN = """
( 1.3.6.1.4.1.42.2.27.8.1.29 NAME 'pwdLastSuccess' DESC 'The timestamp of the last successful authentication' \
EQUALITY generalizedTimeMatch ORDERING generalizedTimeOrderingMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 \
SINGLE-VALUE NO-USER-MODIFICATION USAGE directoryOperation )
( 1.3.6.1.4.1.4203.666.1.7 NAME 'entryCSN' DESC 'change sequence number of the entry content' \
EQUALITY CSNMatch ORDERING CSNOrderingMatch SYNTAX 1.3.6.1.4.1.4203.666.11.2.1{64} \
SINGLE-VALUE NO-USER-MODIFICATION USAGE directoryOperation )
( 1.3.6.1.4.1.4203.666.1.25 NAME 'contextCSN' DESC 'the largest committed CSN of a context' \
EQUALITY CSNMatch ORDERING CSNOrderingMatch SYNTAX 1.3.6.1.4.1.4203.666.11.2.1{64} \
NO-USER-MODIFICATION USAGE dSAOperation )
""".strip().splitlines()


@dataclass(frozen=True, slots=True)
class AttributeType:
    """One type of attribute; rules and syntax are those inherited where it has none of its own.

    `family` names the type itself and all types that descend from it, as a filter on it asks for them all.
    """

    name: str
    names: tuple[str, ...]
    superior: str
    equality: str
    ordering: str
    substrings: str
    syntax: str
    is_single: bool
    is_fixed: bool
    is_operational: bool
    family: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectClass:
    """One object class; `lineage` names it and those above it, `must` and `may` what all of them ask and allow."""

    name: str
    kind: str
    lineage: tuple[str, ...]
    must: frozenset[str]
    may: frozenset[str]


class ServerSchema:
    """Attribute types and object classes, found by any of their names or by OID; and the texts they come from."""

    def __init__(
        self, attribute_texts: Iterable[str], class_texts: Iterable[str], rest: dict[str, tuple[str, ...]]
    ) -> None:
        self.texts = {"attributeTypes": tuple(attribute_texts), "objectClasses": tuple(class_texts), **rest}
        self._attributes: dict[str, AttributeType] = {}
        self._classes: dict[str, ObjectClass] = {}
        self._descriptions: dict[str, str] = {}
        for words in _in_order(map(_words, self.texts["attributeTypes"])):
            self._learn_attribute(words)
        self._draw_families()
        for words in _in_order(map(_words, self.texts["objectClasses"])):
            self._learn_class(words)

    def attribute(self, description: str) -> AttributeType | None:
        """Give the type of an attribute, options (`;lang-de`) aside; None when there is no such type."""
        return self._attributes.get(description.partition(";")[0].lower())

    def describe(self, description: str) -> str | None:
        """Spell an attribute description as entries spell it (`SURNAME;Lang-DE` is `sn;lang-de`); None when unknown."""
        known = self._descriptions.get(description)
        if known is None:
            kind = self.attribute(description)
            if kind is None:
                return None
            options = description.lower().split(";")[1:]
            known = ";".join([kind.name, *sorted(options)])
            # Clients choose the spelling, so this must not grow without end.
            if len(self._descriptions) < 10_000:
                self._descriptions[description] = known
        return known

    def object_class(self, name: str) -> ObjectClass | None:
        """Give an object class by one of its names or its OID; None when there is none."""
        return self._classes.get(name.lower())

    def _learn_attribute(self, words: dict[str, tuple[str, ...]]) -> None:
        above = self._attributes.get(_first(words, "SUP").lower())
        kind = AttributeType(
            name=_name(words),
            names=words.get("NAME", ()),
            superior=above.name if above else "",
            equality=_first(words, "EQUALITY") or (above.equality if above else ""),
            ordering=_first(words, "ORDERING") or (above.ordering if above else ""),
            substrings=_first(words, "SUBSTR") or (above.substrings if above else ""),
            syntax=_first(words, "SYNTAX").partition("{")[0] or (above.syntax if above else ""),
            is_single="SINGLE-VALUE" in words,
            is_fixed="NO-USER-MODIFICATION" in words,
            is_operational=_first(words, "USAGE") not in {"", "userApplications"},
        )
        for name in (*kind.names, *words["OID"]):
            self._attributes[name.lower()] = kind

    def _draw_families(self) -> None:
        families: dict[str, list[str]] = {}
        for kind in dict.fromkeys(self._attributes.values()):
            ancestor: AttributeType | None = kind
            while ancestor:
                families.setdefault(ancestor.name, []).append(kind.name)
                ancestor = self._attributes.get(ancestor.superior.lower())
        whole = {
            name: replace(self._attributes[name.lower()], family=tuple(family)) for name, family in families.items()
        }
        self._attributes = {name: whole[kind.name] for name, kind in self._attributes.items()}

    def _learn_class(self, words: dict[str, tuple[str, ...]]) -> None:
        above = [self._classes[name.lower()] for name in words.get("SUP", ())]
        own = ObjectClass(
            name=_name(words),
            kind=next((kind for kind in ("ABSTRACT", "AUXILIARY") if kind in words), "STRUCTURAL"),
            lineage=tuple(dict.fromkeys([_name(words), *(name for one in above for name in one.lineage)])),
            must=self._canonical(words.get("MUST", ())).union(*(one.must for one in above)),
            may=self._canonical(words.get("MAY", ())).union(*(one.may for one in above)),
        )
        for name in (*words.get("NAME", ()), *words["OID"]):
            self._classes[name.lower()] = own

    def _canonical(self, names: Iterable[str]) -> frozenset[str]:
        # Standard classes name a few attributes (ditStructureRules) that slapd does not define.
        return frozenset(self._attributes[name.lower()].name for name in names if name.lower() in self._attributes)


def _words(definition: str) -> dict[str, tuple[str, ...]]:
    """Take a definition apart: each keyword with what follows it, and under `OID` the number it begins with."""
    tokens = _TOKENS.findall(definition)[1:-1]
    words: dict[str, tuple[str, ...]] = {"OID": (tokens[0],)}
    position = 1
    while position < len(tokens):
        keyword, position = tokens[position], position + 1
        if keyword in _FLAGS:
            words[keyword] = ()
            continue
        end = tokens.index(")", position) + 1 if tokens[position] == "(" else position + 1
        words[keyword] = tuple(word.strip("'") for word in tokens[position:end] if word not in "()$")
        position = end
    return words


def _in_order(definitions: Iterable[dict[str, tuple[str, ...]]]) -> Iterator[dict[str, tuple[str, ...]]]:
    """Give definitions so that each comes after those it is derived from."""
    waiting = list(definitions)
    known = {""}
    while waiting:
        ready = [words for words in waiting if all(name.lower() in known for name in words.get("SUP", ()))]
        if not ready:
            raise ValueError(f"no definition of what {_name(waiting[0])} is derived from")
        for words in ready:
            known.update(name.lower() for name in (*words.get("NAME", ()), *words["OID"]))
            yield words
        waiting = [words for words in waiting if words not in ready]


def _first(words: dict[str, tuple[str, ...]], keyword: str) -> str:
    return words[keyword][0] if words.get(keyword) else ""


def _name(words: dict[str, tuple[str, ...]]) -> str:
    return _first(words, "NAME") or words["OID"][0]


def mail_user_definitions(text: str) -> tuple[list[str], list[str]]:
    """Read a slapd `.schema` file: the definitions of its attribute types, and of its object classes."""
    attributes: list[str] = []
    classes: list[str] = []
    prefixes: dict[str, str] = {}
    unfolded = re.sub(r"\n[ \t]+", " ", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    for line in unfolded.splitlines():
        word, _space, rest = line.partition(" ")
        for prefix, oid in prefixes.items():
            rest = rest.replace(f"( {prefix}:", f"( {oid}.", 1)
        if word == "objectidentifier":
            prefix, oid = rest.split()
            prefixes[prefix] = oid
        elif word == "attributetype":
            attributes.append(rest)
        elif word == "objectclass":
            classes.append(rest)
    return attributes, classes


@cache
def server_schema() -> ServerSchema:
    """Give the schema of the embedded directory: slapd's standard one, and our own for mailboxes."""
    # Loading ldap3 takes 150 ms, which only a server should pay.
    from ldap3.protocol.schemas.slapd24 import slapd_2_4_schema

    standard = json.loads(slapd_2_4_schema)["raw"]
    attributes, classes = mail_user_definitions(files(__package__).joinpath("mailuser.schema").read_text("utf-8"))
    return ServerSchema(
        [text for text in standard["attributeTypes"] if not _NOT_OURS.search(text)] + [*_BUILT_IN, *attributes],
        [text for text in standard["objectClasses"] if not _NOT_OURS.search(text)] + classes,
        {name: tuple(standard[name]) for name in ("ldapSyntaxes", "matchingRules")},
    )
