"""What the environment tells Textual, put right before Textual is imported: it reads it then."""

from collections.abc import MutableMapping

_ESCAPE_DELAY_MS = 400


def prepare(environ: MutableMapping[str, str]) -> None:
    """Mend the environment: nothing typed is logged, nothing moves, and a slow line's keys are read whole.

    Over SSH an escape sequence may come in pieces; one that is cut is taken for Esc and letters. Terminals that die
    there also stay in the keyboard mode of the kitty protocol.
    """
    for name in ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_DEVTOOLS_HOST", "TEXTUAL_DEVTOOLS_PORT", "TEXTUAL_DEBUG"):
        environ.pop(name, None)
    environ["TEXTUAL_ANIMATIONS"] = "none"
    if is_remote(environ):
        environ.setdefault("ESCDELAY", str(_ESCAPE_DELAY_MS))
        environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")


def is_remote(environ: MutableMapping[str, str]) -> bool:
    """Tell whether the terminal is at the other end of an SSH connection."""
    return any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))
