"""The config by which the program's own client finds the sample company's mail store."""

from mailtui.config.sections import MailStoreConfig
from mailtui.demo.address import StoreAddress
from mailtui.demo.mailstore.settings import LAST_LOGINS, SHARED


def config_for(store: StoreAddress) -> MailStoreConfig:
    """Give a `[mailstore]` for a store; the key comes from its file, as a site's comes from wherever that keeps it."""
    return MailStoreConfig(
        kind="doveadm",
        url=store.url,
        key_command=("cat", str(store.key_file)),
        last_login_dict=LAST_LOGINS,
        shared_dict=SHARED,
    )
