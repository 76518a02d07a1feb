"""What servers and ldap3 say went wrong, translated into our failures: the one place where it is done."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from ldap3.core import exceptions as ldap

from mailtui.directory.tls import VerifiedTls
from mailtui.errors import AssertionFalse, CredentialsRefused, CutShort, DirectoryError, EntryGone, Unreachable
from mailtui.texts import _, clean

Failure = type[DirectoryError]

# RFC 4511 appendix A; 122 is RFC 4528, 4096 RFC 4533.
_NAMES = {
    1: "operationsError", 2: "protocolError", 3: "timeLimitExceeded", 4: "sizeLimitExceeded",
    7: "authMethodNotSupported",
    8: "strongerAuthRequired", 10: "referral", 11: "adminLimitExceeded", 12: "unavailableCriticalExtension",
    13: "confidentialityRequired", 16: "noSuchAttribute", 17: "undefinedAttributeType", 18: "inappropriateMatching",
    19: "constraintViolation", 20: "attributeOrValueExists", 21: "invalidAttributeSyntax", 32: "noSuchObject",
    34: "invalidDNSyntax", 48: "inappropriateAuthentication", 49: "invalidCredentials", 50: "insufficientAccessRights",
    51: "busy", 52: "unavailable", 53: "unwillingToPerform", 64: "namingViolation", 65: "objectClassViolation",
    66: "notAllowedOnNonLeaf", 67: "notAllowedOnRDN", 68: "entryAlreadyExists", 69: "objectClassModsProhibited",
    80: "other", 122: "assertionFailed", 123: "authorizationDenied", 4096: "syncRefreshRequired",
}  # fmt: skip

_CLASSES: dict[int, Failure] = {
    3: CutShort, 4: CutShort, 11: CutShort, 7: CredentialsRefused, 8: CredentialsRefused, 13: CredentialsRefused,
    16: AssertionFalse, 20: AssertionFalse, 122: AssertionFalse, 32: EntryGone, 48: CredentialsRefused,
    49: CredentialsRefused, 52: Unreachable,
}  # fmt: skip


def _hint(code: int) -> str:
    hints = {
        3: _("Ask the directory's administrator to lift the time limit for this identity."),
        4: _("Ask the directory's administrator for an unlimited size limit (slapd: limits … size=unlimited)."),
        11: _("Ask the directory's administrator to lift lookthrough and page limits (slapd: size.pr, size.prtotal)."),
        7: _("Ask the directory's administrator which way to bind is allowed."),
        8: _("Use ldaps://, or start_tls = true."),
        13: _("Use ldaps://, or start_tls = true."),
        32: _("Check `base` in the config, and that this identity may read it."),
        34: _("Check `base` and `bind_dn` in the config: they must be DNs."),
        49: _("Check the bind DN and the password."),
        50: _("Ask the directory's administrator for the right to do this."),
    }
    return hints.get(code, "")


def _plain(code: int) -> str:
    words = {
        3: _("The directory ended the search early"),
        4: _("The directory ended the search early"),
        11: _("The directory ended the search early"),
        32: _("The directory has no such entry"),
        49: _("The directory does not accept this log-in"),
        50: _("The directory does not let you do this"),
        122: _("The entry was changed by somebody else"),
    }
    return words.get(code, "")


def failure_of(code: int, reason: str = "", dn: str = "") -> DirectoryError:
    """Give the failure that a resultCode other than success means (RFC 4511 section 4.1.9)."""
    name = _NAMES.get(code, _("result"))
    where = f" ({clean(dn)})" if dn else ""
    said = f": {clean(reason)}" if reason else ""
    plain = _plain(code) or _("The directory refused it")
    message = f"{plain}: {name} ({code}){said}{where}"
    return _CLASSES.get(code, DirectoryError)(message, hint=_hint(code), result_code=code)


def lost(url: str, reason: str) -> Unreachable:
    """Give the failure of a line that could not be had or went away."""
    return Unreachable(
        _("Cannot reach the directory {url}: {reason}").format(url=url, reason=clean(reason)),
        hint=_("Check that it runs and that this machine may connect to it."),
    )


@contextmanager
def translated(url: str, tls: VerifiedTls | None = None) -> Iterator[None]:
    """Turn what ldap3 raises in this block into our failures."""
    try:
        yield
    except ldap.LDAPOperationResult as error:
        raise failure_of(error.result or 80, error.message or "") from error
    except (ldap.LDAPUserNameIsMandatoryError, ldap.LDAPPasswordIsMandatoryError) as error:
        raise CredentialsRefused(
            _("An empty DN or password is no log-in"), hint=_("Check `bind_dn` in the config, and the password.")
        ) from error
    except (ldap.LDAPExceptionError, OSError, KeyError) as error:
        # ldap3 looks result codes up in a table; one that it does not know is a KeyError.
        raise _from_line(url, error, tls) from error


def _from_line(url: str, error: Exception, tls: VerifiedTls | None) -> DirectoryError:
    distrust = tls.failure if tls else None
    if isinstance(distrust, ssl.SSLCertVerificationError):
        return Unreachable(
            _("The certificate of {url} is not trusted: {reason}").format(url=url, reason=distrust.verify_message),
            hint=_("Set `ca_file` to the certificates of the authority that signed it; check the host name."),
        )
    if isinstance(distrust, ssl.SSLError):
        return lost(url, f"TLS: {distrust.reason or distrust}")
    if isinstance(error, ldap.LDAPStartTLSError):
        return Unreachable(
            _("{url} does not offer StartTLS ({reason})").format(url=url, reason=error),
            hint=_("Use ldaps://, or ask the directory's administrator to switch TLS on."),
        )
    return lost(url, str(error).removeprefix("socket connection error while opening: "))
