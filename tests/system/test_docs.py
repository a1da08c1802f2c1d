"""Links of the READMEs and of docs lead somewhere, and what they name of the program exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config import ROOT

PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


def test_the_index_names_every_page():
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    named = {*re.findall(r"\(([\w-]+\.md)\)", index), "index.md"}
    assert [page.name for page in PAGES[2:] if page.name not in named] == []


@pytest.mark.parametrize("page", PAGES[:2], ids=lambda page: page.name)
def test_every_setting_is_in_the_table(page):
    text = page.read_text(encoding="utf-8")
    read = re.findall(r'env\.get\("(\w+)"', (ROOT / "config.py").read_text(encoding="utf-8"))
    assert read
    assert [name for name in read if f"`{name}`" not in text] == []


def test_pictures_are_small_and_used():
    readme = "".join(page.read_text(encoding="utf-8") for page in PAGES[:2])
    for picture in (ROOT / "docs/pictures").glob("*.png"):
        assert picture.stat().st_size <= 250_000, picture.name
        assert f"docs/pictures/{picture.name}" in readme
    assert Path(ROOT / "docs/pictures/case.png").exists()
