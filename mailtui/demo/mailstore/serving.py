"""The mail store's HTTP server: one request a connection, and only for who has the key."""

import base64
import binascii
import hmac
import json
import socket
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from mailtui.demo.mailstore.commands import COMMANDS
from mailtui.demo.mailstore.dialect import Unreadable, answers
from mailtui.demo.mailstore.office import Office
from mailtui.demo.mailstore.parameters import Died
from mailtui.domain.secret import Secret

_PATH = "/doveadm/v1"
_SCHEME = "X-Dovecot-API"
_LARGEST = 16 << 20
_PATIENCE_S = 30
_JSON, _PLAIN = "application/json; charset=utf-8", "text/plain; charset=utf-8"


class Conversation(BaseHTTPRequestHandler):
    """One request and its answer; the connection is closed after that, as Dovecot closes it."""

    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE_S

    def __init__(self, connection: socket.socket, office: Callable[[], Office], key: Secret) -> None:
        # Not the one of the class above, which would serve the client at once.
        self.request: socket.socket = connection
        self.connection: socket.socket = connection
        self.client_address = ("127.0.0.1", 0)
        self._office, self._key = office, key

    def run(self) -> None:
        """Serve the client."""
        self.setup()
        try:
            self.handle_one_request()
        finally:
            self.finish()

    def do_POST(self) -> None:
        """Carry commands out."""
        body = self._body()
        if body is None or not self._is_ours():
            return
        try:
            self._answer(HTTPStatus.OK, _JSON, answers(self._office(), body))
        except Unreadable as error:
            self._answer(HTTPStatus.BAD_REQUEST, _PLAIN, f"{error}\r\n".encode())
        except Died:
            # No answer: that is what a client of Dovecot sees.
            return

    def do_GET(self) -> None:
        """List the commands."""
        if self._is_ours():
            forms = COMMANDS.items()
            listed = [{"command": name, "parameters": [{"name": p} for p in sorted(f.parameters)]} for name, f in forms]
            self._answer(HTTPStatus.OK, _JSON, json.dumps(listed).encode())

    def _body(self) -> bytes | None:
        """Read what was sent, also where it is not wanted: to close over it would take the answer away."""
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit() and len(length) < 10 and int(length) <= _LARGEST):
            self._answer(HTTPStatus.BAD_REQUEST, _PLAIN, b"Bad Request\r\n")
            return None
        body = self.rfile.read(int(length))
        return body if len(body) == int(length) else None

    def _is_ours(self) -> bool:
        """Tell whether path and key are right; where they are not, that is the answer."""
        if self.path != _PATH:
            self._answer(HTTPStatus.NOT_FOUND, _PLAIN, b"Path Not Found\r\n")
            return False
        scheme, _blank, given = self.headers.get("Authorization", "").partition(" ")
        if scheme == _SCHEME and hmac.compare_digest(_decoded(given), self._key.reveal().encode()):
            return True
        self._answer(HTTPStatus.UNAUTHORIZED, "", b"")
        return False

    def _answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Date", self.date_time_string())
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        if status == HTTPStatus.UNAUTHORIZED:
            self.send_header("WWW-Authenticate", _SCHEME)
        if kind:
            self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing: there is nobody to read it."""


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip().encode("ascii", "replace"), validate=True)
    except binascii.Error:
        return b""
