"""The site's config file and the user's, read into checked values; unknown keys and wrong types are refused."""

from mailtui.config.loading import load
from mailtui.config.sections import CacheConfig, Config, DirectoryConfig, MailStoreConfig, SyncConfig

__all__ = ["CacheConfig", "Config", "DirectoryConfig", "MailStoreConfig", "SyncConfig", "load"]
