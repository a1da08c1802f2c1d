from __future__ import annotations

import io
import zipfile

import pytest
from flask import Flask
from flask_babel import Babel

from app.core import filetypes
from app.core.errors import Refusal

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PDF = b"%PDF-1.7\n"


def office(folder: str, *extra: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("[Content_Types].xml", f"{folder}/document.xml", *extra):
            archive.writestr(name, "<x/>")
    return made.getvalue()


@pytest.fixture
def sentences():
    """Refusals can be worded."""
    made = Flask("sentences")
    Babel(made)
    with made.app_context():
        yield


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("合同.pdf", PDF),
        ("现场.PNG", PNG),
        ("现场.jpeg", b"\xff\xd8\xff\xe0"),
        ("现场.gif", b"GIF89a"),
        ("现场.webp", b"RIFF\n\0\0\0WEBPVP8 "),
        ("旧.doc", filetypes.OLE + b"\0"),
        ("报告.docx", office("word")),
        ("台账.xlsx", office("xl")),
        ("记录.txt", "=1+1，正常".encode("gb18030")),
        ("记录.csv", b"\xef\xbb\xbfa,b"),
        ("长.txt", "字".encode() * filetypes.HEAD),
        ("邮件.eml", b"From: a@example.com\r\nSubject: x\r\n\r\n<html>"),
    ],
)
def test_files_that_are_what_they_say(name, content):
    assert filetypes.media_type(name, io.BytesIO(content)) == filetypes.TYPES[name.rpartition(".")[2].lower()]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("页.html", b"<html>"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("setup.exe", b"MZ\x90\0"),
        ("没有扩展名", PDF),
        ("图.png", PDF),
        ("合同.pdf", b"MZ\x90\0"),
        ("记录.txt", b"  <!DOCTYPE html><script>"),
        ("记录.csv", b"a,b\0c"),
        ("记录.txt", b"\xff\xfe\xfd"),
        ("邮件.eml", b"<html>"),
        ("报告.docx", office("xl")),
        ("报告.docx", office("word", "word/vbaProject.bin")),
        ("报告.docx", b"PK\x03\x04 broken"),
    ],
)
def test_files_that_are_refused(sentences, name, content):
    with pytest.raises(Refusal):
        filetypes.media_type(name, io.BytesIO(content))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("客诉 报告(终).pdf", "客诉 报告(终).pdf"),
        ("..\\..\\windows\\合同.pdf", "合同.pdf"),
        ("../../etc/passwd", "passwd"),
        ("图\u202egnp.exe", "图gnp.exe"),
        ("=cmd|x.xlsx", "=cmd|x.xlsx"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
        (" .. ", ""),
    ],
)
def test_names_keep_their_words_and_lose_their_tricks(given, kept):
    assert filetypes.clean_name(given) == kept
