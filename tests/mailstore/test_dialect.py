"""The sample company's store answers what a real Dovecot answers, to the byte: replies, errors, and what is no JSON."""

import base64
import json
import re
from collections.abc import Iterator
from http.client import HTTPConnection, RemoteDisconnected
from typing import Any

import pytest

from mailtui.domain.secret import Secret
from tests.mailstore.conftest import address_of, mail
from tests.servers.dovecot import Dovecot
from tests.servers.sample import SampleStore

pytestmark = pytest.mark.server
Told = tuple[int, str, str]
ASKED = list[list[Any]]
NOBODY = "nobody@example.com"
_VARYING = re.compile(r'"(home|uid|gid|pid|pids|guid|entries)":"[^"]*"')

_REFUSAL = re.compile(r'("type":"(?:invalidRequest|unAuthorized|unknownMethod)"), "exitCode":\d+')


def answer(port: int, key: Secret, body: bytes, path: str = "/doveadm/v1") -> Told | None:
    """Give status, type and text of an answer; None where the connection ends without one."""
    line = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        code = base64.b64encode(key.reveal().encode()).decode()
        line.request("POST", path, body, {"Authorization": f"X-Dovecot-API {code}"})
        response = line.getresponse()
        assert response.will_close
        return response.status, response.headers.get("Content-Type", ""), response.read().decode()
    except RemoteDisconnected:
        return None
    finally:
        line.close()


def conversation(user: str, other: str) -> Iterator[ASKED]:
    """Walk the requests of which each finds what those before it left."""

    def of(name: str, **given: object) -> ASKED:
        return [[name, {"user": user, **given}, "t"]]

    status = ["vsize", "messages"]
    yield from (of("quotaGet"), of("quotaGet", user=user.upper()), of("quotaGet", x=1), [["quotaGet", {}, "t"]])
    yield from (of("quotaGet", user=name) for name in (NOBODY, "", address_of("endless"), "zz*"))
    yield from (
        of("mailboxStatus", field=status, mailboxMask=masks) for masks in (["INBOX"], ["inbox"], ["No"], [], ["C%"])
    )
    yield from (of("mailboxStatus", field=["nonsense"], mailboxMask=["INBOX"]), of("mailboxStatus", field=status))
    yield of("mailboxStatus", field=["messages", "vsize"], mailboxMask=["*"], totalSum=True)
    yield from ([["user", {"userMask": masks}, "t"]] for masks in ([user], [user, other], [user, NOBODY], ["zz*"], []))
    yield from (of("mailboxCreate", mailbox=[name]) for name in ("A/b", "A/b", "INBOX"))
    yield from (of("mailboxRename", mailbox=old, newName="A/c") for old in ("No", "A/b", "INBOX"))
    yield from (of("mailboxDelete", mailbox=[name]) for name in ("No", "A/c", "A/c"))
    yield from (of("aclGet", mailbox="INBOX"), of("aclGet", mailbox="No"))
    for identity, rights in (
        (f"user={other}", ["read", "lookup"]),
        ("nonsense", ["read"]),
        ("anyone", ["x"]),
        ("", []),
    ):
        yield of("aclSet", mailbox="INBOX", id=identity, right=rights)
    yield of("aclGet", mailbox="INBOX")
    yield from (of("aclDelete", mailbox="INBOX", id=f"user={other}") for _again in range(2))
    yield from (of("sieveList"), of("sieveGet", scriptname="x"), of("sievePut", scriptname="x"))
    for text in ("redirekt;", 'fileinto "x";', "keep", "if true {keep;", '"keep"', "keep;"):
        yield of("sievePut", scriptname="x", activate=True, file=text)
    yield from (of("sieveGet", scriptname="x"), of("sieveList"), of("sieveActivate", scriptname="y"))
    yield from (of("sieveDelete", scriptname="x"), of("sieveDeactivate"), of("sieveDeactivate"))
    yield from (of("sieveDelete", scriptname="x") for _again in range(2))

    def copy(**given: object) -> ASKED:
        usual = {"destinationMailbox": "INBOX", "sourceType": "user", "sourceUser": user}
        return of("copy", **{"user": other, "query": ["mailbox", "INBOX", "ALL"], **usual, **given})

    yield from (copy(), copy(), copy(user=NOBODY), copy(sourceUser=NOBODY), copy(destinationMailbox="No"))
    yield from (
        copy(query=["mailbox", "No", "ALL"]),
        copy(query=["mailbox-guid", "0" * 32, "ALL"]),
        copy(sourceType="x"),
    )
    yield of("quotaGet", user=other)
    queries = (["ALL"], ["mailbox", "No", "ALL"], ["mailbox-guid", "0" * 32, "ALL"], ["mailbox", "INBOX", "ALL"])
    yield from (of("expunge", query=query) for query in queries)
    yield from (of("quotaGet"), of("backup", destination=["sdbox:"]))
    yield from ([[name, {"mask": [NOBODY]}, "t"]] for name in ("who", "kick"))
    yield from ([[name, {}, "t"]] for name in ("kick", "authCacheFlush", "dictIter", "fetch", "save", "nonsense"))
    yield [["authCacheFlush", {"user": [NOBODY]}, "t"]]
    yield [["dictIter", {"dictUri": "nonsense:x", "prefix": "shared/"}, "t"]]
    nobody = {"mask": [NOBODY]}
    yield [["who", nobody, "1"], ["nonsense", {}, "2"], ["who", nobody, "3"], ["who", nobody, "3"], ["fsGet", {}, "4"]]
    yield []


def _both(server: Dovecot, sample: SampleStore) -> tuple[tuple[int, Secret], ...]:
    return (server.http_port, server.key), (sample.port, sample.key)


def _alike(one: Told | None) -> Told | None:
    """Give an answer without what is different on each machine, and the status that a refusal has from before it."""
    return one and (*one[:2], _REFUSAL.sub(r"\1", _VARYING.sub(r'"\1":""', one[2])))


def test_every_answer_is_that_of_dovecot(server: Dovecot, sample: SampleStore, user: str, colleague: str) -> None:
    for store in (server, sample):
        store.save(user, "INBOX", mail(1), mail(2))
    differing = {}
    for asked in conversation(user, colleague):
        body = json.dumps(asked).encode()
        real, ours = (_alike(answer(*where, body)) for where in _both(server, sample))
        if real != ours:
            differing[json.dumps(asked)] = (real, ours)
    assert not differing, "\n".join(f"{k}\n  {v[0]}\n  {v[1]}" for k, v in differing.items())


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"{}", b"[1]", b'["who"]', b"[[1]]", b'[["who",{},1]]', b'[["who",{}]]']
)
def test_what_is_no_request_is_told_so(server: Dovecot, sample: SampleStore, body: bytes) -> None:
    real, ours = answer(server.http_port, server.key, body), answer(sample.port, sample.key, body)
    assert real
    assert ours
    assert ours[:2] == real[:2]
    if not real[2].startswith("JSON parse error"):
        assert ours == real


def test_another_key_and_another_path_are_refused(server: Dovecot, sample: SampleStore) -> None:
    wrong = Secret("wrong")
    assert answer(sample.port, wrong, b"[]") == answer(server.http_port, wrong, b"[]") == (401, "", "")
    assert answer(sample.port, sample.key, b"[]", "/x") == answer(server.http_port, server.key, b"[]", "/x")


def test_connections_are_listed_and_ended_as_by_dovecot(
    server: Dovecot, sample: SampleStore, user: str, colleague: str
) -> None:
    for name in (user, user, colleague):
        assert sample.office.presence.log_in(sample.owner(name))
    with server.imap(user), server.imap(user), server.imap(colleague):
        for command, given in (
            ("who", {"mask": [user]}), ("who", {"mask": [user], "separateConnections": True}),
            ("who", {"mask": [user, colleague]}), ("kick", {"mask": [colleague]}), ("kick", {"mask": [user]}),
        ):  # fmt: skip
            body = json.dumps([[command, given, "t"]]).encode()
            real, ours = (answer(*where, body) for where in _both(server, sample))
            assert _alike(ours) == _alike(real)
