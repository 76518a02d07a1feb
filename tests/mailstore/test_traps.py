"""What bites in Dovecot's HTTP API, met by a real one: each trap is known, and stepped around."""

import os
import socket
import time
from imaplib import IMAP4
from typing import Any, cast

import ldap3
import pytest

from mailtui.demo.address import DemoAddress
from mailtui.domain.secret import Secret
from mailtui.errors import (
    ConfigError,
    MailStoreError,
    MailStoreForbids,
    MailStoreKeyRefused,
    MailStoreUnreachable,
    MailtuiError,
    NoSuchMailbox,
    OutcomeUnknown,
    UsageError,
)
from mailtui.mailstore.calling import Command
from mailtui.mailstore.doveadm import Doveadm
from mailtui.mailstore.logins import _parts
from mailtui.mailstore.over_http import HttpLine
from mailtui.mailstore.over_ssh import SshLine
from mailtui.mailstore.port import INBOX
from mailtui.mailstore.values import WORKING, Power
from tests.mailstore.conftest import COUNT, PEOPLE, ROOM, address_of, config_of, mail, over_http
from tests.mailstore.relay import Loss, relayed
from tests.servers.dovecot import ALLOWED, Dovecot, DovecotOptions, dovecot
from tests.servers.waiting import until

pytestmark = pytest.mark.server
NOBODY = "nobody@example.com"
WHO = Command("who", {"separateConnections": True})


def line_to(server: Dovecot, **changed: object) -> HttpLine:
    return HttpLine(config_of(server, **changed), server.key)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "*",
        "a?",
        "%",
        "a b",
        "a\n",
        "a\x00b",
        "a\u2028",
        "10.0.0.0/8",
        "127.1",
        "::1",
        "../ann",
        "-A",
        '"',
        "x" * 256,
    ],
)
def test_a_name_that_means_more_than_one_account_is_never_sent(server: Dovecot, name: str) -> None:
    store = over_http(server, url="http://127.0.0.1:1")
    for ask in (
        store.usage, store.folders, store.sessions, store.end_sessions, store.scripts, store.seats,
        lambda name: store.forget_logins(["p0", name]), lambda name: store.activate_script(name, None),
        lambda name: store.put_script(name, "x", "keep;"), lambda name: store.give_seat("p0", name, WORKING),
        lambda name: store.take_seat("p0", name), lambda name: store.transfer("p0", name, "x"),
        lambda name: store.archive(name, "sdbox:/x"), lambda name: store.purge(name, ()),
    ):  # fmt: skip
        with pytest.raises(UsageError):
            ask(name)


@pytest.mark.parametrize("folder", ["", "*", "a%", "a\nb"])
def test_a_folder_or_script_that_is_a_pattern_is_never_sent(server: Dovecot, folder: str) -> None:
    store = over_http(server, url="http://127.0.0.1:1")
    for ask in (
        lambda: store.seats("p0", folder), lambda: store.give_seat("p0", "p1", WORKING, folder),
        lambda: store.transfer("p0", "p1", folder), lambda: store.archive("p0", f"sdbox:/{folder}"),
    ):  # fmt: skip
        with pytest.raises(UsageError):
            ask()
    for name in ("", "../x", "a\nb"):
        with pytest.raises(UsageError):
            store.script("p0", name)


def test_a_wrong_key_is_told_at_once_and_leaves_no_process_hanging(server: Dovecot) -> None:
    config = config_of(server)
    with relayed(server.http_port) as relay:
        wrong = Doveadm(HttpLine(config_of(server, url=f"http://127.0.0.1:{relay.port}"), Secret("wrong-key")), config)
        start = time.monotonic()
        with pytest.raises(MailStoreKeyRefused) as refused:
            wrong.usage(address_of("p0"))
        assert time.monotonic() - start < 3
        assert refused.value.exit_code == 4
        assert "wrong" not in refused.value.message + refused.value.hint
        assert b"connection: close" not in relay.requests[0].lower()


def test_neither_key_nor_its_written_form_shows_itself(server: Dovecot) -> None:
    line = line_to(server)
    assert server.key.reveal() not in repr(line) + repr(vars(line)) + repr(config_of(server))


def test_an_answer_that_is_no_json_is_read_all_the_same(server: Dovecot, user: str, colleague: str) -> None:
    line = line_to(server)
    # Dovecot leaves out the comma before a refusal that is not the first answer.
    answers = line.ask([WHO, Command("fetch", {"user": NOBODY, "field": ["uid"], "query": ["ALL"]}), WHO])
    assert isinstance(answers[1], MailStoreForbids)
    assert isinstance(answers[0], tuple)
    assert isinstance(answers[2], tuple)
    unknown, wrong = line.ask([Command("no-such", {}), Command("who", {"no": "such"})])
    assert "unknownMethod" in str(unknown)
    assert "invalidRequest" in str(wrong)
    # It closes the list of plain `who` after its first row.
    with server.imap(user), server.imap(colleague):
        (listed,) = line.ask([Command("who", {})])
        assert isinstance(listed, tuple)
        assert {user, colleague} <= {row["username"] for row in listed}


def test_a_command_that_changes_something_travels_alone(server: Dovecot) -> None:
    with pytest.raises(ValueError, match="alone"):
        line_to(server).ask([WHO, Command("kick", {"mask": [NOBODY]}, changes=True)])


def test_a_connection_that_ends_without_an_answer_is_a_failure_and_not_the_end(server: Dovecot, user: str) -> None:
    line = line_to(server)
    bad = {"user": user, "field": ["no-such-field"], "mailboxMask": [INBOX]}
    with pytest.raises(MailStoreError, match="closed the connection"):
        line.ask([Command("mailboxStatus", bad)])
    with pytest.raises(OutcomeUnknown):
        line.ask([Command("aclSet", {"user": user, "mailbox": INBOX, "id": "nonsense", "right": ["x"]}, changes=True)])
    assert over_http(server).usage(user).used_bytes == 0


def test_a_server_that_is_not_there_or_is_another_is_told(server: Dovecot) -> None:
    with pytest.raises(MailStoreUnreachable) as error:
        over_http(server, url="http://127.0.0.1:1").usage("p0")
    assert error.value.exit_code == 3
    with pytest.raises(MailStoreError, match="404"):
        over_http(server, url=f"{server.url}/elsewhere").usage("p0")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(MailStoreUnreachable, match="too long"):
            over_http(server, url=url, timeout_s=1).usage("p0")


@pytest.mark.parametrize("loss", [Loss.ANSWER_CUT, Loss.ANSWER_HELD])
def test_a_change_whose_answer_is_lost_is_looked_for_and_not_made_twice(
    server: Dovecot, user: str, colleague: str, loss: Loss
) -> None:
    with relayed(server.http_port, lambda request: loss if b'"aclSet"' in request else None) as relay:
        store = over_http(server, url=f"http://127.0.0.1:{relay.port}", timeout_s=1)
        store.give_seat(user, colleague, WORKING)
        assert [b'"aclSet"' in request for request in relay.requests] == [True, False]
    assert [seat.user for seat in over_http(server).seats(user)] == [colleague]


def test_a_copy_whose_answer_is_lost_is_counted_and_not_made_twice(server: Dovecot, user: str, colleague: str) -> None:
    server.deliver(user, mail(1), mail(2))
    with relayed(server.http_port, lambda request: Loss.ANSWER_CUT if b'"copy"' in request else None) as relay:
        over_http(server, url=f"http://127.0.0.1:{relay.port}").transfer(user, colleague, "Ann")
        assert relay.count(b'"copy"') == 1
    assert {f.name: f.messages for f in over_http(server).folders(colleague) if f.messages} == {"Ann/INBOX": 2}


def test_a_change_that_cannot_be_seen_is_unknown_and_not_sent_again(server: Dovecot, user: str, colleague: str) -> None:
    with relayed(server.http_port, lambda _request: Loss.REQUEST_HELD) as relay:
        store = over_http(server, url=f"http://127.0.0.1:{relay.port}", timeout_s=1)
        with pytest.raises(OutcomeUnknown):
            store.give_seat(user, colleague, WORKING)
        assert relay.count(b"aclSet") == 1
    assert over_http(server).seats(user) == ()


def test_https_is_verified_and_cleartext_stays_on_this_machine(directory: DemoAddress) -> None:
    with dovecot(directory, DovecotOptions(tls=True)) as secured:
        assert over_http(secured).usage(address_of("p0")).limit_bytes == ROOM
        with pytest.raises(MailStoreUnreachable, match="not trusted"):
            over_http(secured, ca_file=None).usage(address_of("p0"))
        with pytest.raises(MailStoreUnreachable, match="not trusted"):
            over_http(secured, url=secured.url.replace("127.0.0.1", "127.1")).usage(address_of("p0"))
        with pytest.raises(MailStoreUnreachable, match="cannot be read"):
            over_http(secured, ca_file=secured.folder / "none.pem")


def test_a_doveadm_of_usual_settings_works_and_is_said_to_be_too_much(
    directory: DemoAddress, user: str, colleague: str
) -> None:
    with dovecot(directory, DovecotOptions(as_mail=False, allowed=())) as usual:
        store = over_http(usual)
        powers = store.powers()
        assert powers.can == set(Power)
        assert set(powers.excess) == {"fsGet", "fetch", "save", "import"}
        assert powers.is_too_much
        assert powers.is_root == (os.geteuid() == 0)
        # Service commands and those on mail do not meet in one request: the process would have dropped its rights.
        usual.deliver(user, mail(1))
        with usual.imap(user):
            assert store.usage_of_all()[user].messages == 1
            assert store.end_sessions(user).left == ()
        store.transfer(user, colleague, "Ann")
        owners = {path.stat().st_uid for path in usual.home(colleague).rglob("*")}
        assert owners == {usual.home(user).stat().st_uid}


def test_what_a_narrow_key_cannot_do_is_found_out(directory: DemoAddress, user: str) -> None:
    narrow = tuple(name for name in ALLOWED if name not in {"kick", "sieve put", "backup", "dict iter"})
    with dovecot(directory, DovecotOptions(allowed=narrow)) as server:
        store = over_http(server)
        missing = {Power.END_SESSIONS, Power.SCRIPTS, Power.ARCHIVE, Power.LAST_LOGINS}
        assert store.powers().can == set(Power) - missing
        for ask in (store.last_logins, lambda: store.put_script(user, "x", "keep;")):
            with pytest.raises(MailStoreForbids):
                ask()


def test_one_mailbox_that_cannot_be_read_does_not_cost_the_figures_of_all(
    server: Dovecot, user: str, colleague: str
) -> None:
    server.deliver(user, mail(1))
    server.deliver(colleague, mail(1))
    server.home(user).chmod(0)
    try:
        everybody = over_http(server).usage_of_all()
    finally:
        server.home(user).chmod(0o700)
    assert len(everybody) == COUNT + 2
    assert (everybody[user].used_bytes, everybody[user].messages) == (None, None)
    assert everybody[colleague].messages == 1
    assert [name for name, usage in everybody.items() if usage.used_bytes is None] == [user]


def test_what_the_server_remembers_is_forgotten_for_many_at_once(
    directory: DemoAddress, server: Dovecot, user: str, colleague: str
) -> None:
    for each in (user, colleague):
        server.imap(each).logout()
    _standing(directory, user, "disabled")
    _standing(directory, colleague, "disabled")
    server.imap(user).logout()
    others = [f"{'x' * 50}{number}@example.com" for number in range(60)]
    store = over_http(server)
    store.forget_logins([user, *others, colleague])
    for each in (user, colleague):
        with pytest.raises(IMAP4.error):
            server.imap(each)
        # A disabled account's mail can still be reached.
        assert store.usage(each).limit_bytes == ROOM
    _standing(directory, user, "active")
    store.forget_logins([user])
    server.imap(user).logout()


def test_names_to_forget_go_in_parts_that_the_server_does_not_drop() -> None:
    names = [f"{'x' * (number % 90)}{number}" for number in range(200)]
    parts = list(_parts(names))
    assert [name for part in parts for name in part] == names
    assert all(part and len(part) <= 25 and len(" ".join(part)) <= 1000 for part in parts)
    assert list(_parts([])) == []


def test_to_forget_nobody_asks_nothing(server: Dovecot) -> None:
    # An empty list would make the server forget everybody.
    over_http(server, url="http://127.0.0.1:1").forget_logins([])


def test_who_sleeps_in_the_same_process_is_named_when_thrown_out(
    directory: DemoAddress, user: str, colleague: str
) -> None:
    with dovecot(directory, DovecotOptions(as_mail=False, hibernates="1s")) as sleepy:
        store = over_http(sleepy)
        lines = [sleepy.imap(user), sleepy.imap(colleague)]
        for line in lines:
            line.select()
            line.send(b"x IDLE\r\n")
        until(
            lambda: {s.process_id for s in store.sessions(user)} == {s.process_id for s in store.sessions(colleague)},
            "both to sleep in one process",
        )
        ended = store.end_sessions(user)
        assert (ended.count, ended.left, ended.others) == (1, (), (colleague,))
        for line in lines:
            line.shutdown()


def test_the_latest_of_several_log_ins_counts_however_the_name_was_typed(server: Dovecot, user: str) -> None:
    uri = server.last_logins
    server.doveadm("dict", "set", uri, f"shared/last-login/{user.upper()}", "1700000000")
    server.doveadm("dict", "set", uri, f"shared/last-login/{user}/imap", "1700000000500")
    server.doveadm("dict", "set", uri, "shared/last-login/odd@example.com", "never")
    store = over_http(server)
    assert store.last_logins()[user].timestamp() == 1700000000.5
    assert "odd@example.com" not in store.last_logins()
    for ask in (over_http(server, last_login_dict="").last_logins, over_http(server, shared_dict="").seats_of_all):
        with pytest.raises(ConfigError):
            ask()


def test_a_folder_with_a_percent_sign_is_said_to_stop_an_archive(server: Dovecot, user: str) -> None:
    server.save(user, "50% off", mail(1))
    store = over_http(server)
    location = f"sdbox:{server.home(user).parent}/{user}-archive"
    store.archive(user, location)
    with pytest.raises(MailStoreError, match="did not come to an end") as error:
        store.archive(user, location)
    assert "%" in error.value.hint


def test_ssh_that_fails_and_a_forced_command_that_refuses_are_told_apart(server: Dovecot, user: str) -> None:
    def over_ssh(*command: str) -> Doveadm:
        config = config_of(server, ssh_command=command, timeout_s=1)
        return Doveadm(SshLine(config), config)

    failures: list[tuple[tuple[str, ...], type[MailtuiError]]] = [
        (("no-such-command",), MailStoreUnreachable),
        (("sh", "-c", "exit 255"), MailStoreUnreachable),
        (("sh", "-c", "exec sleep 5"), MailStoreUnreachable),
        (("sh", "-c", "exit 126"), MailStoreForbids),
        (("sh", "-c", "exit 67"), NoSuchMailbox),
        (("sh", "-c", "echo hello"), MailStoreError),
    ]
    for command, kind in failures:
        with pytest.raises(kind):
            over_ssh(*command).usage(user)
    with pytest.raises(OutcomeUnknown):
        over_ssh("sh", "-c", "exit 255").forget_logins([user])
    (refused,) = SshLine(config_of(server)).ask([Command("fsGet", {"fsDriver": "posix", "fsArgs": "", "path": "/x"})])
    assert isinstance(refused, MailStoreForbids)


def _standing(directory: DemoAddress, user: str, status: str) -> None:
    server = ldap3.Server(directory.url, get_info=ldap3.NONE)
    with ldap3.Connection(server, directory.bind_dn, directory.password.reveal(), raise_exceptions=True) as connection:
        dn = f"uid={user.partition('@')[0]},{PEOPLE}"
        cast("Any", connection).modify(dn, {"accountStatus": [(ldap3.MODIFY_REPLACE, [status])]})
