"""E-mail addresses as they are compared: caseless, the domain as A-labels (RFC 5891)."""


def address_key(address: str) -> str:
    """Give the form under which two spellings of one address are equal."""
    local, at, domain = address.strip().casefold().rpartition("@")
    if not at or domain.isascii():
        return local + at + domain
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return f"{local}@{domain}"


def is_address(text: str) -> bool:
    """Tell whether a text has the shape of one address."""
    local, at, domain = text.strip().rpartition("@")
    return bool(at and local and "." in domain and not any(c.isspace() or c in '<>",;' for c in local + domain))


def local_part(address: str) -> str:
    """Give what stands before the @."""
    return address.rpartition("@")[0]
