"""TLS that is verified: the chain, the host name (or IP address) and the version, on every Python alike."""

import ssl
from pathlib import Path
from typing import Any

from ldap3 import Tls


class VerifiedTls(Tls):
    """ldap3's TLS settings, with OpenSSL's own verification instead of ldap3's.

    ldap3 verifies nothing by default, compares names in Python after the handshake, sends no SNI and, on Python 3.12
    and later, refuses IP addresses in a certificate.
    """

    def __init__(self, ca_file: Path | None, certificate_file: Path | None, key_file: Path | None) -> None:
        self.failure: ssl.SSLError | None = None
        super().__init__(
            validate=ssl.CERT_REQUIRED,
            ca_certs_file=str(ca_file) if ca_file else None,
            local_certificate_file=str(certificate_file) if certificate_file else None,
            local_private_key_file=str(key_file) if key_file else None,
        )

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:  # noqa: ARG002
        """Secure an open socket; the handshake is made here, with the name the operator configured."""
        context = ssl.create_default_context(cafile=self.ca_certs_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.certificate_file:
            context.load_cert_chain(self.certificate_file, self.private_key_file)
        try:
            connection.socket = context.wrap_socket(connection.socket, server_hostname=connection.server.host)
        except ssl.SSLError as error:
            # ldap3 turns this into a text; kept, so that a distrust can be told from a lost line.
            self.failure = error
            raise
