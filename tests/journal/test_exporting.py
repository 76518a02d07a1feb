"""What is written out is all there is, and proves the chain without mailtui."""

import json
from datetime import timedelta
from hashlib import sha256
from itertools import islice

from mailtui.domain.change import Change, Values
from mailtui.journal.log import Journal
from tests.journal.conftest import FORWARDS, KIM, NOON, plan_for, plan_row, written


def holds(lines: list[str]) -> bool:
    """Prove the chain from the lines alone: the recipe that the journal's documentation gives."""
    write = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
    prev = "0" * 64
    for number, line in enumerate(lines, 1):
        e = json.loads(line)
        event = [e["seq"], e["batch"], e["row"], e["account"], e["kind"], e["at"], write(e["body"]), e["image"], prev]
        digest = sha256(bytes.fromhex(e["salt"] or "") + write(e["private"]).encode()).hexdigest()
        if (e["seq"], e["prev"], e["hash"]) != (number, prev, sha256(write(event).encode()).hexdigest()):
            return False
        if e["private"] is not None and e["image"] != digest:
            return False
        prev = e["hash"]
    return True


def lines_of(journal: Journal) -> list[str]:
    return [json.dumps(event) for event in journal.export()]


def test_the_lines_prove_the_chain_by_themselves(journal: Journal) -> None:
    binary = plan_row("bert", Change(FORWARDS, (b"\xff\x00", b"a@b.c")), Values(FORWARDS, (b"\xff\x00", b"a@b.c")))
    journal.note(written(journal, plan_for(plan_row("anna"), binary)), "she said “no” \x1b[0m", NOON)
    written(journal, plan_for(plan_row("cleo", skip="so already")))
    lines = lines_of(journal)
    assert holds(lines)
    assert len(lines) == journal.verify().records
    for number, line in enumerate(lines):
        changed = line.replace('"at": "2026', '"at": "2025')
        assert not holds([*lines[:number], changed, *lines[number + 1 :]])
    assert not holds([*lines[:3], *lines[4:]])
    assert not holds([lines[1], lines[0], *lines[2:]])


def test_a_line_holds_every_column_and_what_is_kept_apart(journal: Journal) -> None:
    written(journal, plan_for(plan_row("anna")))
    opened, planned, *_rest = map(json.loads, lines_of(journal))
    assert list(opened) == [
        "seq", "batch", "row", "account", "kind", "at", "body", "image", "prev", "hash", "salt", "private",
    ]  # fmt: skip
    assert (opened["body"]["task"], opened["body"]["operator"], opened["private"]["title"]) == (
        "disable",
        KIM.name,
        "Disable",
    )
    assert (planned["account"], planned["private"]["login"], planned["body"]) == ("id-anna", "anna", {})


def test_what_was_purged_is_null_and_the_rest_still_proves_the_chain(journal: Journal) -> None:
    written(journal, plan_for(plan_row("anna")))
    assert journal.purge(NOON + timedelta(days=1), NOON) == 1
    lines = lines_of(journal)
    assert holds(lines)
    assert all((event["salt"], event["private"]) == (None, None) for event in map(json.loads, lines))


def test_an_export_reads_one_moment_and_keeps_no_writer_waiting(journal: Journal) -> None:
    written(journal, plan_for(*(plan_row(f"user{number}") for number in range(300))))
    records = journal.verify().records
    events = journal.export()
    assert [event["seq"] for event in islice(events, 3)] == [1, 2, 3]
    written(journal, plan_for(plan_row("anna")))
    assert [event["seq"] for event in events] == list(range(4, records + 1))
