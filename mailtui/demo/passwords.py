"""Passwords: hashed with salt, compared in constant time (RFC 2307 section 5.3 names the schemes)."""

import base64
import binascii
import hashlib
import hmac
import os
import secrets

_SALTED = {b"{SSHA512}": "sha512", b"{SSHA256}": "sha256", b"{SSHA}": "sha1"}


def hashed(password: bytes) -> bytes:
    """Give a value for userPassword that tells nothing of the password."""
    salt = os.urandom(16)
    return b"{SSHA512}" + base64.b64encode(hashlib.sha512(password + salt).digest() + salt)


def fits(password: bytes, kept: bytes) -> bool:
    """Tell whether a password is the one that a value of userPassword was made from; without a scheme it is itself."""
    scheme, brace, encoded = kept.partition(b"}")
    algorithm = _SALTED.get((scheme + brace).upper())
    if algorithm is None:
        return not kept.startswith(b"{") and hmac.compare_digest(password, kept)
    try:
        decoded = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return False
    size = hashlib.new(algorithm).digest_size
    return hmac.compare_digest(hashlib.new(algorithm, password + decoded[size:]).digest(), decoded[:size])


def generated() -> bytes:
    """Make a password that can be read aloud: no letter or digit that looks like another."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(12)).encode()
