"""The wheel, installed in a clean environment, and the editable install that these tests run on."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mailtui import paths

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, as it would be published."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=CHECKOUT, check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_styles_schemas_catalogues_and_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(next(name for name in names if name.endswith("/METADATA"))).decode()
    styles = {f"mailtui/styles/{file.name}" for file in (CHECKOUT / "styles").glob("*.tcss")}
    assert styles
    assert names >= styles | {"mailtui/directory/schemas/mailuser.toml", "mailtui/locale/mailtui.pot"}
    assert "License-Expression: MIT" in metadata
    assert not [name for name in names if name.startswith("tests/")]


@pytest.mark.xdist_group("install")
def test_the_wheel_works_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    python = str(environment / "bin" / "python")
    pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "-c", str(CHECKOUT / "requirements.lock"), str(wheel)], check=True)
    tour = [str(environment / "bin" / "mailtui"), "demo", "--tour", "--people", "60"]
    done = subprocess.run(tour, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    look = "from mailtui import paths; print(*paths.styles())"
    found = subprocess.run([python, "-c", look], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert str(environment) in found.stdout
    assert len(found.stdout.split()) == len(list((CHECKOUT / "styles").glob("*.tcss")))


def test_a_checkout_finds_its_own_styles() -> None:
    assert {file.parent for file in paths.styles()} == {CHECKOUT / "styles"}
