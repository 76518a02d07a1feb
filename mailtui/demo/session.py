"""One client's connection: requests read, carried out one after another, and answered."""

import socket
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING

from mailtui.demo import extended, passwords, requests, searching, special, writing
from mailtui.demo.controls import Asked, read_controls
from mailtui.demo.entries import ANONYMOUS, PASSWORD, Identity
from mailtui.demo.framing import messages
from mailtui.demo.requests import Message, Operation, reading
from mailtui.demo.results import SUCCESS, Code, Malformed, Refusal, Result, message, response
from mailtui.demo.searching import Found, Paging
from mailtui.directory import ber

if TYPE_CHECKING:
    from mailtui.demo.server import DirectoryServer

_CHUNK = 64 * 1024
_NOTICE_OF_DISCONNECTION = "1.3.6.1.4.1.1466.20036"
_EXTENDED_RESPONSE, _SEARCH_DONE = 0x78, 0x65


class Session:
    """A connection and who is bound on it.

    The operations (`bind` to `extended`) take a request and give a result; a subclass may override them, and `send`,
    to make a server that fails in some way.
    """

    def __init__(self, server: "DirectoryServer", connection: socket.socket) -> None:
        self.server = server
        self.tree = server.tree
        self.connection = connection
        self.identity = ANONYMOUS
        self.paging = Paging()
        self._operations: dict[int, tuple[int, Callable[[Message, Asked], Result]]] = {
            Operation.BIND: (0x61, self.bind),
            Operation.MODIFY: (0x67, self.modify),
            Operation.ADD: (0x69, self.add),
            Operation.DELETE: (0x6B, self.delete),
            Operation.RENAME: (0x6D, self.rename),
            Operation.COMPARE: (0x6F, self.compare),
            Operation.EXTENDED: (_EXTENDED_RESPONSE, self.extended),
        }

    def run(self) -> None:
        """Serve the client until it or the server hangs up."""
        try:
            if self.connection.recv(1, socket.MSG_PEEK) == b"\x16":
                self.start_tls()
            for data in messages(lambda: self.connection.recv(_CHUNK)):
                if not self.handle(requests.read_message(data)):
                    return
        except Malformed as error:
            self._give_up(str(error))

    def handle(self, request: Message) -> bool:
        """Carry one request out and answer it; give False when the client says goodbye."""
        self.server.touch()
        if request.tag == Operation.UNBIND:
            return False
        if request.tag == Operation.SEARCH:
            self._answer_search(request)
        elif request.tag in self._operations:
            tag, operation = self._operations[request.tag]
            self.send(response(request.number, tag, self._carried_out(request, operation)))
            if request.tag == Operation.EXTENDED:
                self._after_extended(request)
        elif request.tag != Operation.ABANDON:
            raise Malformed("unknown LDAP request")
        return True

    def send(self, data: bytes) -> None:
        """Send a whole message, or several."""
        self.connection.sendall(data)

    def bind(self, request: Message, asked: Asked) -> Result:  # noqa: ARG002
        """Take a name and a password; whoever fails is nobody."""
        self.identity = ANONYMOUS
        asking = reading(requests.read_bind, request.body)
        if asking.version != 3:
            raise Refusal(Code.PROTOCOL_ERROR, "historical protocol version requested, use LDAPv3 instead")
        if asking.password is None:
            raise Refusal(Code.AUTH_METHOD_NOT_SUPPORTED, "only simple binds are supported")
        where = writing.parse(self.tree.schema, asking.dn)
        if not where.keys:
            if asking.password:
                raise Refusal(Code.INVALID_CREDENTIALS)
            return SUCCESS
        if not asking.password:
            raise Refusal(Code.UNWILLING_TO_PERFORM, "unauthenticated bind (DN with no password) disallowed")
        self.identity = self._recognized(where.key, asking.password)
        return SUCCESS

    def _recognized(self, key: str, password: bytes) -> Identity:
        admin, entry = self.server.admin, self.tree.get(key)
        if key == admin.key and passwords.fits(password, self.server.admin_password):
            return admin
        if entry and any(passwords.fits(password, kept) for kept in entry.attributes.get(PASSWORD, ())):
            return Identity(entry.dn, key)
        raise Refusal(Code.INVALID_CREDENTIALS)

    def search(self, request: Message, asked: Asked) -> Found:
        """Search."""
        asking = reading(requests.read_search, request.body)
        limit = self.server.size_limit(self.identity)
        return searching.search(self.tree, self.identity, asking, asked, self.paging, limit)

    def modify(self, request: Message, asked: Asked) -> Result:
        """Change attributes of an entry."""
        return writing.modify(self.tree, self.identity, reading(requests.read_modify, request.body), asked)

    def add(self, request: Message, asked: Asked) -> Result:
        """Add an entry."""
        return writing.add(self.tree, self.identity, reading(requests.read_add, request.body), asked)

    def delete(self, request: Message, asked: Asked) -> Result:
        """Delete an entry."""
        return writing.delete(self.tree, self.identity, requests.text(request.body), asked)

    def rename(self, request: Message, asked: Asked) -> Result:
        """Give an entry another name or place."""
        return writing.rename(self.tree, self.identity, reading(requests.read_rename, request.body), asked)

    def compare(self, request: Message, asked: Asked) -> Result:
        """Tell whether an entry has a value."""
        return searching.compare(self.tree, self.identity, reading(requests.read_compare, request.body), asked)

    def extended(self, request: Message, asked: Asked) -> Result:  # noqa: ARG002
        """Carry out an extended operation."""
        asking = reading(requests.read_extended, request.body)
        if asking.oid == special.WHO_AM_I:
            return extended.who_am_i(self.identity)
        if asking.oid == special.MODIFY_PASSWORD:
            return extended.modify_password(self.tree, self.identity, asking)
        if asking.oid != special.START_TLS:
            raise Refusal(Code.PROTOCOL_ERROR, "unsupported extended operation")
        if isinstance(self.connection, ssl.SSLSocket):
            raise Refusal(Code.OPERATIONS_ERROR, "TLS already started")
        return Result(extra=ber.octets(special.START_TLS, 0x8A))

    def start_tls(self) -> None:
        """Go on under TLS; the client must be told before, in the clear."""
        self.connection = secured = self.server.tls.wrap_socket(
            self.connection, server_side=True, do_handshake_on_connect=False
        )
        # Only now, so that the server can hang up in the middle of it.
        secured.do_handshake()

    def _after_extended(self, request: Message) -> None:
        is_start = reading(requests.read_extended, request.body).oid == special.START_TLS
        if is_start and not isinstance(self.connection, ssl.SSLSocket):
            self.start_tls()

    def _carried_out(self, request: Message, operation: Callable[[Message, Asked], Result]) -> Result:
        try:
            return operation(request, read_controls(self.tree.schema, request))
        except Refusal as refusal:
            return refusal.result

    def _answer_search(self, request: Message) -> None:
        try:
            found = self.search(request, read_controls(self.tree.schema, request))
        except Refusal as refusal:
            found = Found(result=refusal.result)
        waiting = bytearray()
        for body in found.bodies:
            waiting += message(request.number, body)
            if len(waiting) > _CHUNK:
                self.send(bytes(waiting))
                waiting.clear()
        self.send(bytes(waiting) + response(request.number, _SEARCH_DONE, found.result))

    def _give_up(self, why: str) -> None:
        notice = Result(Code.PROTOCOL_ERROR, why, extra=ber.octets(_NOTICE_OF_DISCONNECTION, 0x8A))
        self.send(response(0, _EXTENDED_RESPONSE, notice))
