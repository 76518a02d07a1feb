"""Dovecot's doveadm HTTP API: one connection a request, verified TLS, and a key that never shows."""

import base64
import json
import ssl
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from mailtui.config.sections import MailStoreConfig
from mailtui.domain.secret import Secret
from mailtui.errors import MailStoreError, MailStoreKeyRefused, MailStoreUnreachable
from mailtui.mailstore import decoding, failures
from mailtui.mailstore.calling import Answer, Command, Patience
from mailtui.texts import _

_PATH = "/doveadm/v1"
_CONNECTING_S = 5


class HttpLine:
    """Asks a doveadm over HTTP.

    The server closes each connection after its answer, so none is kept; we never ask for that (`Connection: close`
    together with a key that it refuses would hang one of its processes for good).
    """

    def __init__(self, config: MailStoreConfig, key: Secret) -> None:
        parts = urlsplit(config.url)
        self._host, self._port = parts.hostname or "", parts.port
        self._path = parts.path.rstrip("/") or _PATH
        self._is_safe = parts.scheme == "https"
        self._tls = _tls(config) if self._is_safe else None
        self._key, self._timeout_s = key, config.timeout_s
        self._where = f"{parts.scheme}://{parts.netloc}"

    @property
    def is_quick(self) -> bool:
        """They travel in one request."""
        return True

    def ask(self, commands: Sequence[Command], patience: Patience = Patience.ONE) -> list[Answer]:
        """Send commands in one request; see `Line`."""
        changes = any(command.changes for command in commands)
        if changes and len(commands) > 1:
            raise ValueError("a command that changes something travels alone")
        body = json.dumps([[c.name, c.parameters, str(place)] for place, c in enumerate(commands)]).encode()
        status, answer = self._posted(body, self._timeout_s * patience, changes=changes)
        if status == 200:
            return decoding.answers(answer, commands)
        raise self._refusal(status, answer)

    def _posted(self, body: bytes, patience_s: float, *, changes: bool) -> tuple[int, bytes]:
        connection = self._connected()
        try:
            connection.sock.settimeout(patience_s)
            connection.request("POST", self._path, body, self._headers())
            response = connection.getresponse()
            return response.status, response.read()
        except (ConnectionError, HTTPException) as error:
            if changes:
                raise failures.lost(self._where, _reason(error), was_sent_to_change=True) from None
            # It is there, and answers nothing: so it treats values that it cannot take.
            raise failures.not_understood(_("the request"), _("it closed the connection")) from None
        except OSError as error:
            raise failures.lost(self._where, _reason(error), was_sent_to_change=changes) from None
        finally:
            connection.close()

    def _connected(self) -> HTTPConnection:
        """Connect, within seconds; nothing was sent yet when this fails."""
        patience_s = min(_CONNECTING_S, self._timeout_s)
        connection = (
            HTTPSConnection(self._host, self._port, timeout=patience_s, context=self._tls)
            if self._is_safe
            else HTTPConnection(self._host, self._port, timeout=patience_s)
        )
        try:
            connection.connect()
        except ssl.SSLCertVerificationError as error:
            raise MailStoreUnreachable(
                _("The certificate of {url} is not trusted: {reason}").format(
                    url=self._where, reason=error.verify_message
                ),
                hint=_("Set `ca_file` to the certificates of the authority that signed it; check the host name."),
            ) from None
        except (OSError, UnicodeError) as error:
            raise failures.lost(self._where, _reason(error), was_sent_to_change=False) from None
        return connection

    def _headers(self) -> dict[str, str]:
        key = base64.b64encode(self._key.reveal().encode()).decode("ascii")
        return {"Authorization": f"X-Dovecot-API {key}", "Content-Type": "application/json"}

    def _refusal(self, status: int, answer: bytes) -> MailStoreError:
        if status in {401, 403}:
            return MailStoreKeyRefused(
                _("The mail store {where} does not accept our key").format(where=self._where),
                hint=_("Compare what `key_command` gives with doveadm_api_key on the server."),
            )
        said = (
            answer[:200].decode("utf-8", "replace")
            if status == 400
            else _("HTTP status {status}").format(status=status)
        )
        return failures.not_understood(_("the request"), said)


def _tls(config: MailStoreConfig) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=str(config.ca_file) if config.ca_file else None)
    except OSError as error:
        raise MailStoreUnreachable(
            _("The certificates in {path} cannot be read: {reason}").format(path=config.ca_file, reason=_reason(error)),
            hint=_("Check `ca_file` in [mailstore]."),
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return _("it took too long")
    if isinstance(error, ssl.SSLError):
        return f"TLS: {error.reason or error}"
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
