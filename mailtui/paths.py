"""Where config, cache, journal, log, demo data and styles are."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import platformdirs

SITE_CONFIG = Path("/etc/mailtui/config.toml")


def user_config() -> Path:
    """Give the user's config file: MAILTUI_CONFIG, else below the user's config folder."""
    named = os.environ.get("MAILTUI_CONFIG")
    return Path(named) if named else Path(platformdirs.user_config_dir("mailtui")) / "config.toml"


def log_file() -> Path:
    """Give the log file."""
    return Path(platformdirs.user_state_dir("mailtui")) / "mailtui.log"


def demo_folder() -> Path:
    """Give the folder in which the embedded directory keeps its data."""
    return Path(platformdirs.user_data_dir("mailtui")) / "demo"


def styles() -> tuple[Path, ...]:
    """Give the style sheets: beside the package in a checkout, inside it where it was installed."""
    inside = Path(__file__).parent / "styles"
    folder = inside if inside.is_dir() else Path(__file__).parent.parent / "styles"
    return tuple(sorted(folder.glob("*.tcss")))


@dataclass(frozen=True, slots=True)
class StorePaths:
    """The files of one directory's stores."""

    cache: Path
    journal: Path
    history: Path


def stores(directory: str) -> StorePaths:
    """Give the files for a directory, which is named by its address and base."""
    name = re.sub(r"[^A-Za-z0-9.=-]+", "_", directory).strip("_.")[:120] or "directory"
    cache = Path(platformdirs.user_cache_dir("mailtui")) / name
    state = Path(platformdirs.user_state_dir("mailtui")) / name
    return StorePaths(cache / "cache.db", state / "journal.db", state / "history.db")


def make_private(folder: Path) -> Path:
    """Make a folder that only its owner may read, with those above it."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
