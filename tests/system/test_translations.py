"""Every text of the program is there in Chinese, with the same placeholders."""

from __future__ import annotations

import re

from babel.messages import mofile, pofile
from babel.messages.extract import extract_from_dir

from config import ROOT

KEYWORDS = {"_": None, "gettext": None, "_l": None, "lazy_gettext": None, "N_": None}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]


def test_the_chinese_catalogue_is_complete():
    with (ROOT / "app/translations/zh/LC_MESSAGES/messages.po").open("rb") as file:
        known = {message.id: message.string for message in pofile.read_po(file)}
    texts = {found[2] for found in extract_from_dir(ROOT / "app", METHODS, keywords=KEYWORDS)}
    missing = sorted(text for text in texts if isinstance(text, str) and not known.get(text))
    assert missing == []


def test_translations_keep_their_placeholders():
    with (ROOT / "app/translations/zh/LC_MESSAGES/messages.po").open("rb") as file:
        wrong = [
            message.id
            for message in pofile.read_po(file)
            if message.id
            and sorted(re.findall(r"%\(\w+\)s", message.id)) != sorted(re.findall(r"%\(\w+\)s", message.string))
        ]
    assert wrong == []


def test_the_compiled_catalogue_is_the_readable_one():
    folder = ROOT / "app/translations/zh/LC_MESSAGES"
    with (folder / "messages.po").open("rb") as text, (folder / "messages.mo").open("rb") as compiled:
        readable = {message.id: message.string for message in pofile.read_po(text) if message.id}
        used = {message.id: message.string for message in mofile.read_mo(compiled) if message.id}
    assert used == readable
