"""How the store is set up: what its dictionaries are called, and how much room an account has by default."""

LAST_LOGINS = "file:/sample/last-login.db"
SHARED = "file:/sample/shared-mailboxes.db"
DEFAULT_LIMIT = 8 << 30
"""In bytes."""
