"""What stands behind ssh on a server: the forced command, which runs a doveadm and nothing else."""

import os
import shlex
import sys

ALLOWED = (
    "quota", "user", "mailbox", "copy", "who", "kick", "auth", "sieve", "acl", "dict", "backup", "expunge",
)  # fmt: skip


def main(config: str, *asked: str) -> None:
    """Run what was asked, if it is allowed; ssh has joined the words with blanks."""
    words = shlex.split(" ".join(asked))
    if words[:3] != ["doveadm", "-f", "json"] or words[3] not in ALLOWED:
        raise SystemExit(126)
    os.execv("/usr/bin/doveadm", ["doveadm", "-c", config, *words[1:]])


main(*sys.argv[1:])
