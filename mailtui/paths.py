"""Where config, cache, journal, log, demo data and styles are."""

import contextlib
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
    name = _file_name(directory)
    cache = Path(platformdirs.user_cache_dir("mailtui")) / name
    state = Path(platformdirs.user_state_dir("mailtui")) / name
    return StorePaths(cache / "cache.db", state / "journal.db", state / "history.db")


def site_journal(folder: Path, directory: str) -> Path:
    """Give the file of the journal that a site keeps for a directory, which is named as for `stores`."""
    return folder / f"{_file_name(directory)}.journal.db"


def _file_name(directory: str) -> str:
    return re.sub(r"[^A-Za-z0-9.=-]+", "_", directory).strip("_.")[:120] or "directory"


def make_private(folder: Path) -> Path:
    """Make a folder that only its owner may read, with those above it."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def open_file(path: Path, *, is_shared: bool = False) -> int:
    """Open a file for reading and writing, made where there is none: for its owner alone, or for its group too."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    if not is_shared:
        return os.open(path, flags, 0o600)
    while True:
        try:
            return os.open(path, flags & ~os.O_CREAT)
        except FileNotFoundError:
            _make_shared(path)


def _make_shared(path: Path) -> None:
    # It gets its name once it has its mode: whatever the umask, no member of the group ever finds it closed.
    unnamed = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    handle = os.open(unnamed, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(handle, 0o660)
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(unnamed)
    finally:
        unnamed.unlink()
        os.close(handle)
