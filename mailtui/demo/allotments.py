"""What the sample company allots: by position and need, and by department; used where the config has no rules."""

from mailtui.demo.mailboxes import GIB
from mailtui.domain.account import Delivery, Kind
from mailtui.domain.policy import Department, Profile

PROFILES = (
    Profile(
        "executive",
        (("title", ("CEO", "CFO", "CTO", "COO", "CHRO", "Director of *")),),
        50 * GIB,
        protected=True,
        kind=Kind.PERSON,
        retention_days=3650,
    ),
    Profile(
        "director",
        (("title", ("*Director", "Head of *")),),
        20 * GIB,
        kind=Kind.PERSON,
        groups=("vpn-users",),
        retention_days=730,
    ),
    Profile(
        "intern",
        (("group", ("interns",)),),
        3 * GIB,
        kind=Kind.PERSON,
        services=("mail", "smtp", "imap", "managesieve", "lda"),
        naming=("{name}.intern",),
        retention_days=30,
        expires_days=180,
    ),
    # The warehouse and the night shift are staffed by an agency.
    Profile(
        "contractor",
        (("department", ("Warehouse #3", "Nights")),),
        5 * GIB,
        kind=Kind.PERSON,
        naming=("{name}.ext",),
        retention_days=30,
        expires_days=365,
    ),
    Profile("staff", quota_bytes=5 * GIB, kind=Kind.PERSON, naming=("{name}", "{g}{surname}")),
    Profile("shared", quota_bytes=20 * GIB, kind=Kind.SHARED, delivery=Delivery.RECEIVE),
    Profile("service", quota_bytes=GIB, kind=Kind.SERVICE, services=("mail", "smtp", "lda"), expires_days=730),
)
DEPARTMENTS = (
    Department("Sales", domain="example.com", owner="tomas.ibanez"),
    Department("Research", groups=("R&D, all sites",), quota_bytes=10 * GIB, owner="layla.mansour"),
)
NAMING = ("{name}",)
"""As the log-ins of the sample company are made: zhou.wenxuan, but anna.berg."""
