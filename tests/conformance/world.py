"""The few entries that the conformance suite finds on each directory."""

from tests.servers.ldif import Record
from tests.servers.slapd import BASE_ENTRY

BASE = "dc=example,dc=com"
PEOPLE, GROUPS, DEEP = f"ou=people,{BASE}", f"ou=groups,{BASE}", f"ou=deep,ou=people,{BASE}"
ANN, BOB, CHEN = (f"uid={login},{PEOPLE}" for login in ("ann", "bob", "chen"))
HARD = f"cn=Doe\\2C Jane \\22JD\\22 \\2B #,{DEEP}"
TEAM = f"cn=team,{GROUPS}"
PERSON = ["inetOrgPerson", "mailUser"]

ENTRIES: tuple[Record, ...] = (
    BASE_ENTRY,
    (PEOPLE, {"objectClass": ["organizationalUnit"], "ou": ["people"]}),
    (GROUPS, {"objectClass": ["organizationalUnit"], "ou": ["groups"]}),
    (DEEP, {"objectClass": ["organizationalUnit"], "ou": ["deep"]}),
    (
        ANN,
        {
            "objectClass": PERSON,
            "uid": ["ann"],
            "cn": ["Ann Archer", "Anna"],
            "sn": ["Archer"],
            "mail": ["Ann@example.com"],
            "userPassword": ["ann's secret"],
            "mailQuota": ["1024"],
            "mailQuotaUsed": ["100"],
            "description": ["a*b", "Straße", "(x) \\ y"],
            "telephoneNumber": ["+49 30 123-45"],
            "mailLastLogin": ["20260101120000Z"],
            "pwdAccountLockedTime": ["20260101000000Z"],
        },
    ),
    (
        BOB,
        {
            "objectClass": PERSON,
            "uid": ["bob"],
            "cn": ["Bob"],
            "sn": ["Baker"],
            "userPassword": ["bob's secret"],
            "manager": [ANN],
            "mailQuotaUsed": ["2000"],
            "mailLastLogin": ["20260601120000.5Z"],
        },
    ),
    (
        CHEN,
        {
            "objectClass": PERSON,
            "uid": ["chen"],
            "cn": ["陈静"],
            "sn": ["陈"],
            "sn;lang-en": ["Chen"],
            "mailForwardingAddress": ["ann@example.com"],
        },
    ),
    (HARD, {"objectClass": PERSON, "cn": ['Doe, Jane "JD" + #'], "sn": ["Doe"], "manager": [HARD]}),
    (TEAM, {"objectClass": ["groupOfNames"], "cn": ["team"], "member": [ANN, BOB], "owner": [ANN]}),
)
COUNT = len(ENTRIES)
