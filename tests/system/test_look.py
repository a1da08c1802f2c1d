"""What the pages may hold: icons that exist, nothing inline, nothing from another host."""

import re
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[2] / "app"
STATIC = APP / "static"
TEMPLATES = sorted((APP / "templates").rglob("*.html"))
SYMBOLS = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "kezhi" / "icons.svg").read_text()))

ICON_IN_TEMPLATE = re.compile(r'icon\("([\w-]+)"|"icon": "([\w-]+)"')
ICON_IN_PYTHON = re.compile(r'icon(?:"\]?:|=| =|: str =|: ClassVar\[str\] =) ?"([\w-]+)"')
INLINE = re.compile(r'\sstyle=|\son[a-z]+="|<style|<script(?![^>]*\ssrc=)|javascript:')
FOREIGN = re.compile(r"(?:https?:)?//[\w.-]+\.[a-z]{2,}")


def names(pattern: re.Pattern[str], text: str) -> set[str]:
    """All names that a pattern finds, whichever of its groups caught them."""
    return {name for found in pattern.finditer(text) for name in found.groups() if name}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(APP).as_posix())
def test_template_holds_nothing_inline_and_nothing_foreign(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.parent.name == "mail":  # mail programs know no style sheets
        text = text.replace(" style=", " data-style=")
    assert not INLINE.search(text)
    assert not FOREIGN.search(text)
    assert names(ICON_IN_TEMPLATE, text) <= SYMBOLS


def test_every_icon_named_in_the_program_is_in_the_sprite() -> None:
    used = {path: names(ICON_IN_PYTHON, path.read_text(encoding="utf-8")) for path in APP.rglob("*.py")}
    assert {f"{path.relative_to(APP)}: {icon}" for path, icons in used.items() for icon in icons - SYMBOLS} == set()


def test_own_style_sheet_stays_small_and_local() -> None:
    sheet = (STATIC / "kezhi" / "kezhi.css").read_text(encoding="utf-8")
    assert len(sheet.splitlines()) <= 250
    assert not FOREIGN.search(sheet)
    assert "@import" not in sheet


@pytest.mark.parametrize("folder", sorted((STATIC / "vendor").iterdir()), ids=lambda folder: folder.name)
def test_every_vendored_library_has_its_licence(folder: Path) -> None:
    assert (folder / "LICENSE").is_file()
