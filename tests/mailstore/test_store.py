"""What a mail store tells and does: a real Dovecot, over HTTP and by its command, and the sample company's."""

import hashlib
from datetime import UTC, datetime, timedelta
from imaplib import IMAP4

import pytest

from mailtui.errors import MailStoreError, NoSuchMailbox, NotInMailbox, Stopped, UsageError
from mailtui.mailstore import sieve
from mailtui.mailstore.port import INBOX, MailStore
from mailtui.mailstore.values import READING, WORKING, Copied, Power, Right, Script
from tests.mailstore.conftest import ROOM, Kept, address_of, mail
from tests.servers.dovecot import Dovecot

pytestmark = pytest.mark.server
NOBODY = "nobody@example.com"


def bodies(server: Dovecot, user: str, folder: str) -> list[tuple[str, str]]:
    """Give flags and checksums of all mail in a folder, as its owner sees it."""
    with server.imap(user) as line:
        line.select(f'"{folder}"', readonly=True)
        _status, parts = line.fetch("1:*", "(FLAGS BODY.PEEK[])")
        pairs = [part for part in parts if isinstance(part, tuple)]
        tails = [part.decode() for part in parts if isinstance(part, bytes)]
        flags = [
            "Flagged" if "Flagged" in head.decode() + tail else "" for (head, _), tail in zip(pairs, tails, strict=True)
        ]
        return [(flag, hashlib.sha256(body).hexdigest()) for flag, (_, body) in zip(flags, pairs, strict=True)]


def test_use_is_told_in_bytes_with_limit_and_time(kept: Kept, user: str) -> None:
    store = kept.store
    kept.deliver(user, *(mail(number, 3000) for number in range(3)))
    usage = store.usage(user)
    assert usage.used_bytes is not None
    assert 9000 < usage.used_bytes < 12000
    assert (usage.limit_bytes, usage.is_unlimited, usage.messages) == (ROOM, False, 3)
    assert abs(datetime.now(UTC) - usage.as_of) < timedelta(seconds=10)
    assert usage.raw == f"{usage.used_bytes >> 10} of 20480 KiB"
    assert store.usage_of_all()[user].used_bytes == usage.used_bytes


def test_an_empty_mailbox_is_zero_and_one_without_limit_is_that(kept: Kept, user: str) -> None:
    store = kept.store
    assert (store.usage(user).used_bytes, store.usage(user).messages) == (0, 0)
    endless = store.usage(address_of("endless"))
    assert (endless.is_unlimited, endless.limit_bytes, endless.percent) == (True, None, None)
    everybody = store.usage_of_all()
    assert (everybody[user].used_bytes, everybody[address_of("endless")].is_unlimited) == (0, True)


def test_a_zero_that_is_none_is_unknown(store: MailStore, server: Dovecot, user: str) -> None:
    server.deliver(user, mail(1))
    server.home(user).chmod(0)
    try:
        usage = store.usage(user)
        assert (usage.used_bytes, usage.messages, usage.limit_bytes) == (None, None, ROOM)
        assert usage.why_unknown == "the mailbox cannot be read"
    finally:
        server.home(user).chmod(0o700)


def test_who_is_not_there_is_told_apart(kept: Kept, user: str) -> None:
    store = kept.store
    for ask in (store.usage, store.folders, store.scripts, store.seats):
        with pytest.raises(NoSuchMailbox):
            ask(NOBODY)
    with pytest.raises(NotInMailbox):
        store.script(user, "none")
    assert store.sessions(NOBODY) == ()
    assert store.end_sessions(NOBODY).count == 0


def test_folders_are_listed_but_not_those_of_others(
    store: MailStore, server: Dovecot, user: str, colleague: str
) -> None:
    store.give_seat(colleague, user, WORKING)
    server.deliver(user, mail(1))
    server.save(user, "Clients/K&APY-ln 50%", mail(2), mail(3))
    with server.imap(user) as line:
        assert line.select(f'"shared/{colleague}"')[0] == "OK"
    found = store.folders(user)
    assert [(folder.name, folder.messages) for folder in found] == [("Clients/Köln 50%", 2), (INBOX, 1)]
    assert found[0].size_bytes == len(mail(2)) + len(mail(3))


def test_log_ins_and_sessions_are_seen_and_ended(store: MailStore, server: Dovecot, user: str, colleague: str) -> None:
    line, other = server.imap(user.upper()), server.imap(colleague)
    assert [(session.service, session.address) for session in store.sessions(user)] == [("imap", "127.0.0.1")]
    assert abs(datetime.now(UTC) - store.last_logins()[user]) < timedelta(seconds=10)
    ended = store.end_sessions(user)
    assert (ended.count, ended.left, ended.others) == (1, (), ())
    with pytest.raises((IMAP4.abort, OSError)):
        line.noop()
    line.shutdown()
    assert store.sessions(user) == ()
    assert len(store.sessions(colleague)) == 1
    other.logout()


def test_a_script_forwards_and_replies_and_the_one_before_comes_back(kept: Kept, user: str, colleague: str) -> None:
    store = kept.store
    assert store.put_script(user, "own rules", "keep;\r\n") is None
    reply = sieve.Reply('Gone "for good"', "Ask\\ Bob.\nünï 再见\n", 3, (user,))
    text = sieve.written([colleague], keeps_copy=False, reply=reply)
    assert store.put_script(user, "mailtui", text) == "own rules"
    assert set(store.scripts(user)) == {Script("mailtui", True), Script("own rules", False)}
    assert "再见" in store.script(user, "mailtui")
    store.activate_script(user, "own rules")
    assert set(store.scripts(user)) == {Script("mailtui", False), Script("own rules", True)}
    store.activate_script(user, None)
    assert not any(script.is_active for script in store.scripts(user))
    with pytest.raises(MailStoreError, match="65"):
        store.put_script(user, "mailtui", "redirekt;")
    assert "再见" in store.script(user, "mailtui")


def test_a_seat_is_given_changed_seen_by_its_owner_and_taken(kept: Kept, user: str, colleague: str) -> None:
    store, shared = kept.store, user
    kept.deliver(shared, mail(1))
    store.give_seat(shared, colleague.upper(), WORKING)
    store.give_seat(shared, colleague, READING)
    (seat,) = store.seats(shared)
    assert (seat.user, seat.rights, seat.is_global) == (colleague, READING, False)
    assert store.seats_of_all()[shared] == (colleague,)
    if kept.dovecot:
        with kept.dovecot.imap(colleague) as line:
            assert line.select(f'"shared/{shared}"', readonly=True) == ("OK", [b"1"])
    store.take_seat(shared, colleague)
    store.take_seat(shared, colleague)
    assert store.seats(shared) == ()
    assert shared not in store.seats_of_all()
    with pytest.raises(UsageError, match="without any right"):
        store.give_seat(shared, colleague, [])
    with pytest.raises(MailStoreError):
        store.give_seat(shared, colleague, [Right.READ], "No such folder")


def test_a_transfer_is_whole_and_again_it_does_nothing(kept: Kept, user: str, colleague: str) -> None:
    store = kept.store
    kept.deliver(user, *(mail(number, 500) for number in range(40)))
    kept.save(user, "Clients/A", mail(100), mail(101))
    kept.save(user, "Clients", mail(102))
    kept.save(user, "50% *off*", mail(103))
    if kept.dovecot:
        with kept.dovecot.imap(user) as line:
            line.select()
            line.store("3,7", "+FLAGS", "\\Flagged")
    seen: list[Copied] = []
    copied = store.transfer(user, colleague, "Leavers/ann", progress=lambda one, _of: seen.append(one))
    assert tuple(seen) == copied
    assert not any(each.was_there for each in copied)
    targets = {each.folder.name: each.target for each in copied}
    assert targets[INBOX] == "Leavers/ann/INBOX"
    assert targets["50% *off*"].startswith("Leavers/ann/50_ _off_ ")
    for name, target in targets.items():
        if kept.dovecot:
            assert bodies(kept.dovecot, colleague, target) == bodies(kept.dovecot, user, name)
    before = store.folders(colleague)
    again = store.transfer(user, colleague, "Leavers/ann")
    assert all(each.was_there for each in again)
    assert store.folders(colleague) == before
    assert not any("unfinished" in folder.name for folder in before)


def test_a_transfer_that_was_cut_short_is_done_anew_and_other_mail_is_left_alone(
    kept: Kept, user: str, colleague: str
) -> None:
    store = kept.store
    kept.deliver(user, mail(1), mail(2))
    inbox = store.folders(user)[0]
    kept.save(colleague, f"Ann/unfinished-{inbox.guid}", mail(1))
    with pytest.raises(Stopped):
        store.transfer(user, colleague, "Ann", is_stopped=lambda: True)
    store.transfer(user, colleague, "Ann")
    folders = {folder.name: folder.messages for folder in store.folders(colleague)}
    assert {name: messages for name, messages in folders.items() if messages} == {"Ann/INBOX": 2}
    assert not any("unfinished" in name for name in folders)
    kept.deliver(user, mail(3))
    with pytest.raises(MailStoreError, match="2 messages, not 3"):
        store.transfer(user, colleague, "Ann")
    assert {folder.messages for folder in store.folders(colleague) if folder.name == "Ann/INBOX"} == {2}


def test_what_cannot_be_transferred_is_refused_before_anything_is_copied(kept: Kept, user: str) -> None:
    store = kept.store
    kept.deliver(user, *(mail(number, 30_000) for number in range(4)))
    small = address_of("small")
    with pytest.raises(MailStoreError, match="not enough room"):
        store.transfer(user, small, "Ann")
    # An INBOX comes to be when somebody looks.
    assert {folder.name: folder.messages for folder in store.folders(small)} == {INBOX: 0}
    for pair in ((NOBODY, small), (user, NOBODY)):
        with pytest.raises(NoSuchMailbox):
            store.transfer(*pair, "Ann")
    with pytest.raises(UsageError):
        store.transfer(user, user.upper(), "Ann")


def test_an_archive_is_made_and_made_again(store: MailStore, server: Dovecot, user: str) -> None:
    server.deliver(user, mail(1), mail(2))
    location = f"sdbox:{server.home(user).parent}/{user}-archive"
    store.archive(user, location)
    store.archive(user, location)
    counted = server.doveadm("-o", f"mail_location={location}", "mailbox", "status", "-u", user, "messages", INBOX)
    assert "messages=2" in counted
    with pytest.raises(UsageError):
        store.archive(user, "sdbox:/srv/../etc")


def test_a_mailbox_is_purged_as_it_was_shown_and_nobody_elses(kept: Kept, user: str, colleague: str) -> None:
    store = kept.store
    store.give_seat(colleague, user, WORKING)
    kept.deliver(colleague, mail(1))
    kept.deliver(user, mail(1), mail(2))
    kept.save(user, "Clients/A*", mail(3))
    kept.save(user, "Clients/AB", mail(4))
    shown = store.folders(user)
    kept.deliver(user, mail(5))
    with pytest.raises(MailStoreError, match="INBOX is not as it was shown"):
        store.purge(user, shown)
    assert sum(folder.messages for folder in store.folders(user)) == 5
    only = [folder for folder in store.folders(user) if folder.name in {INBOX, "Clients/A*"}]
    store.purge(user, only)
    assert {folder.name: folder.messages for folder in store.folders(user) if folder.messages} == {"Clients/AB": 1}
    store.purge(user, store.folders(user))
    assert not any(folder.messages for folder in store.folders(user))
    assert store.folders(colleague)[0].messages == 1


def test_what_can_be_asked_is_found_out_and_leaves_no_trace(kept: Kept) -> None:
    powers = kept.store.powers()
    assert powers.can == set(Power)
    assert (powers.excess, powers.is_root, powers.is_too_much) == ((), None, False)
    if kept.dovecot:
        assert not list(kept.dovecot.folder.rglob("*nobody*"))
