"""Dovecot's doveadm HTTP API: one connection a request, verified TLS, and a key that never shows."""

import base64
import json
import ssl
from collections.abc import Iterator, Sequence

import httpx

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
        url = httpx.URL(config.url)
        self._url = url.copy_with(path=url.path.rstrip("/") or _PATH)
        self._where = f"{url.scheme}://{url.netloc.decode('ascii')}"
        self._key, self._timeout_s = key, config.timeout_s
        # No proxy that the environment names is told the key; none is kept open that the server is about to close.
        # Without TLS nothing is looked up: an empty context is made much faster than one with all authorities.
        tls = _tls(config) if url.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._client = httpx.Client(verify=tls, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))

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
        timeout = httpx.Timeout(patience_s, connect=min(_CONNECTING_S, self._timeout_s))
        try:
            response = self._client.post(self._url, content=body, headers=self._headers(), timeout=timeout)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise self._unreached(error) from None
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
            if changes:
                raise failures.lost(self._where, _reason(error), was_sent_to_change=True) from None
            # It is there, and answers nothing: so it treats values that it cannot take.
            raise failures.not_understood(_("the request"), _("it closed the connection")) from None
        except httpx.HTTPError as error:
            raise failures.lost(self._where, _reason(error), was_sent_to_change=changes) from None
        return response.status_code, response.content

    def _unreached(self, error: httpx.TransportError) -> MailStoreError:
        """Say why no connection came about; nothing was sent yet."""
        untrusted = next((one for one in _causes(error) if isinstance(one, ssl.SSLCertVerificationError)), None)
        if untrusted is None:
            return failures.lost(self._where, _reason(error), was_sent_to_change=False)
        return MailStoreUnreachable(
            _("The certificate of {url} is not trusted: {reason}").format(
                url=self._where, reason=untrusted.verify_message
            ),
            hint=_("Set `ca_file` to the certificates of the authority that signed it; check the host name."),
        )

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


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Walk from an error to what brought it about."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _reason(error: httpx.HTTPError | OSError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return _("it took too long")
    known = next((one for one in _causes(error) if isinstance(one, OSError)), None)
    if isinstance(known, ssl.SSLError):
        return f"TLS: {known.reason or known}"
    return (known.strerror if known else None) or str(error) or type(error).__name__
