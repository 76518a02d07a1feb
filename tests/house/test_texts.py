"""Every text a user sees goes through gettext, and stands in the template that translators start from."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).parents[2] / "mailtui"
TEMPLATE = PACKAGE / "locale" / "mailtui.pot"


def texts_in_the_code() -> Catalog:
    """Collect the texts that the code passes to gettext."""
    found = Catalog()
    for file, _line, message, _comments, _context in extract_from_dir(str(PACKAGE), method_map=[("**.py", "python")]):
        if not file.startswith("locale"):
            found.add(message)
    return found


def test_the_template_holds_the_texts_of_the_code() -> None:
    with TEMPLATE.open("rb") as file:
        template = {message.id for message in read_po(file) if message.id}
    code = {message.id for message in texts_in_the_code() if message.id}
    made_by = "pybabel extract --no-location --omit-header --sort-output -o mailtui/locale/mailtui.pot mailtui"
    assert template == code, f"make it anew: {made_by}"
