"""The verb without a name: the console."""

import os
import sys

from mailtui.cli.context import Options, no_config
from mailtui.desk import Desk
from mailtui.errors import UsageError
from mailtui.texts import _

SAMPLE_CONFIG = """\
# mailtui's config file. Uncomment what you need; the README explains each key.

# [directory]
# urls = ["ldaps://ldap.example.com"]          # tried in order
# base = "dc=example,dc=com"
# bind_dn = "uid={user},ou=operators,dc=example,dc=com"
# password_command = ["pass", "show", "ldap/helpdesk"]   # without it: the keyring, or you are asked
# ca_file = "/etc/ssl/certs/ca.pem"            # without it: the system's certificates

# [policy]
# ticket_required = false
# batch_limit = 200
# domains = ["example.com"]                    # yours; the first is that of new addresses
# external_forward = "warn"                    # or "allow", "deny"
# naming = ["{given}.{surname}"]               # how log-ins are made

# [[profiles]]                                 # who gets what, by position or need
# name = "executive"
# when = { title = ["CEO", "*Director*"] }
# quota = "50 GiB"
# protected = true

# [[departments]]                              # and by org unit, for those below it too
# unit = "Research"
# quota = "20 GiB"
"""


def open_configured(options: Options) -> int:
    """Open the console on the configured directory, or say how to come to one."""
    if not options.demo and options.load_config().directory is None:
        print(SAMPLE_CONFIG)
        raise no_config()
    return open_console(options, options.desk())


def open_console(options: Options, desk: Desk) -> int:
    """Open the console.

    Raises:
        UsageError: There is no terminal that it could use.
    """
    _check_terminal()
    from mailtui.runner.front import Runner
    from mailtui.ui.app import run

    return run(desk, Runner(desk), mouse="SSH_CONNECTION" not in os.environ, read_only=options.read_only)


def _check_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        raise UsageError(
            _("The console needs a terminal for its input, output and errors"),
            hint=_("Use a verb, such as `mailtui find`; `mailtui --help` lists them."),
        )
    if os.environ.get("TERM", "dumb") == "dumb":
        raise UsageError(_("This terminal cannot show the console (TERM is dumb)"), hint=_("Set TERM, or use a verb."))
    if (sys.stdout.encoding or "").lower().replace("-", "") != "utf8":
        raise UsageError(_("This terminal is not set to UTF-8"), hint=_("Set LANG=C.UTF-8."))
