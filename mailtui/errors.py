"""The tree of failures; each says what failed, what to do about it, and with which code a command ends.

MailtuiError
├── UsageError            2  wrong words, options or files
│   └── ConfigError       2  a config file that cannot be taken as it is
├── DirectoryError        1  the directory answered, but with a refusal
│   ├── Unreachable       3  no answer, no trust in the server, or the line was lost
│   ├── CredentialsRefused 4 the directory did not accept who we are
│   ├── CutShort          1  a search that a limit of the server ended early
│   ├── AssertionFalse    1  somebody changed the entry since it was read
│   └── EntryGone         1  the entry is not there
├── MailStoreError        1  the mail store answered, but with a refusal
│   ├── MailStoreUnreachable 3 no answer, or no trust in the server; nothing was done
│   ├── MailStoreKeyRefused 4 the mail store did not accept our key
│   ├── MailStoreForbids  1  the key is not allowed to do this
│   ├── MailStoreBusy     1  it cannot now; later, perhaps
│   ├── NoSuchMailbox     1  it knows no such account
│   ├── NotInMailbox      1  no such folder, script or session
│   └── OutcomeUnknown    1  what became of a change could not be seen
├── Refused               5  policy, an unknown account, a match that nobody resolved
│   └── NothingToDo       0  the account is already as it would be
├── StoreError            1  cache or journal cannot be used
└── Stopped               1  a person stopped it
"""


class MailtuiError(Exception):
    """What went wrong, and what to do: `message`, `hint`, `exit_code`, and `code` for programs."""

    exit_code = 1
    code = "error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(MailtuiError):
    """Wrong words, options or files."""

    exit_code = 2
    code = "usage"


class ConfigError(UsageError):
    """A config file that cannot be taken as it is."""

    code = "config"


class DirectoryError(MailtuiError):
    """The directory refused; `result_code` is RFC 4511's resultCode where there was one."""

    code = "directory"

    def __init__(self, message: str, *, hint: str = "", result_code: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.result_code = result_code


class Unreachable(DirectoryError):
    """No answer from the directory, or none that can be trusted."""

    exit_code = 3
    code = "unreachable"


class CredentialsRefused(DirectoryError):
    """The directory did not accept who we are."""

    exit_code = 4
    code = "credentials"


class CutShort(DirectoryError):
    """A search that a size, time or admin limit of the server ended before its end."""

    code = "cut-short"


class AssertionFalse(DirectoryError):
    """The entry is no longer as it was when the change was planned."""

    code = "changed"


class EntryGone(DirectoryError):
    """The entry is not in the directory."""

    code = "gone"


class MailStoreError(MailtuiError):
    """The mail store refused; `status` is the exit status of its command where there was one."""

    code = "mail-store"

    def __init__(self, message: str, *, hint: str = "", status: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.status = status


class MailStoreUnreachable(MailStoreError):
    """No answer from the mail store, or none that can be trusted; nothing was done there."""

    exit_code = 3
    code = "mail-store-unreachable"


class MailStoreKeyRefused(MailStoreError):
    """The mail store did not accept our key."""

    exit_code = 4
    code = "mail-store-key"


class MailStoreForbids(MailStoreError):
    """The key, or the server's settings, do not allow this."""

    code = "mail-store-forbids"


class MailStoreBusy(MailStoreError):
    """The mail store cannot now, or cannot read the mailbox."""

    code = "mail-store-busy"


class NoSuchMailbox(MailStoreError):
    """The mail store knows no such account."""

    code = "no-such-mailbox"


class NotInMailbox(MailStoreError):
    """There is no such folder, script or session."""

    code = "not-in-mailbox"


class OutcomeUnknown(MailStoreError):
    """A change was sent and no answer came, nor could it be seen whether it was made."""

    code = "outcome-unknown"


class Refused(MailtuiError):
    """Policy forbids it, an account is unknown, or a match stayed unresolved."""

    exit_code = 5
    code = "refused"


class NothingToDo(Refused):
    """The account is already as the task would make it."""

    exit_code = 0
    code = "nothing-to-do"


class StoreError(MailtuiError):
    """The cache or the journal cannot be read or written."""

    code = "store"


class Stopped(MailtuiError):
    """A person stopped it; what was whole stays."""

    code = "stopped"
