"""What an uploaded file really is: its content must be of an allowed type and agree with its extension."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Mapping
from typing import IO

from flask_babel import gettext as _

from app.core.errors import Refusal
from app.core.wording import listed

HEAD = 8192
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES: Mapping[str, str] = {
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    "webp": "image/webp", "doc": "application/msword", "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint", "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet", "pptx": f"{OFFICE}presentationml.presentation",
    "txt": "text/plain", "csv": "text/csv", "eml": "message/rfc822",
}
_MAGIC: Mapping[str, bytes] = {
    "pdf": rb"%PDF-", "png": rb"\x89PNG\r\n\x1a\n", "jpg": rb"\xff\xd8\xff", "jpeg": rb"\xff\xd8\xff",
    "gif": rb"GIF8[79]a", "webp": rb"RIFF.{4}WEBP", "doc": re.escape(OLE), "xls": re.escape(OLE), "ppt": re.escape(OLE),
}
_FOLDER = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_MARKUP = re.compile(r"\s*<(!doctype|\?xml|html|head|body|script|svg|iframe)", re.IGNORECASE)
_MAIL = re.compile(r"(From |[A-Za-z][A-Za-z0-9-]*:)")


def clean_name(name: str) -> str:
    """The last part of a file name, without the characters that could disguise it; at most 200 characters."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")).strip(" .")
    stem, dot, extension = plain.rpartition(".")
    return f"{stem[: 199 - len(extension)]}{dot}{extension}" if dot and len(extension) < 20 else plain[:200]


def media_type(name: str, content: IO[bytes]) -> str:
    """The media type of a file; raises ``Refusal`` when it is not allowed or the content is not what the name says."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in TYPES:
        allowed = listed(sorted(TYPES))
        raise Refusal(_("“%(name)s”: files of this type are not kept; use %(types)s.", name=name, types=allowed))
    content.seek(0)
    head = content.read(HEAD)
    if not _is(extension, head, content):
        raise Refusal(_("“%(name)s” is not a %(type)s file inside.", name=name, type=extension))
    return TYPES[extension]


def _is(extension: str, head: bytes, content: IO[bytes]) -> bool:
    if extension in _MAGIC:
        return re.match(_MAGIC[extension], head, re.DOTALL) is not None
    if extension in _FOLDER:
        return _is_office(_FOLDER[extension], content)
    text = _text(head, cut=len(head) == HEAD)
    if text is None or _MARKUP.match(text):
        return False
    return extension != "eml" or _MAIL.match(text) is not None


def _is_office(folder: str, content: IO[bytes]) -> bool:
    """An office file is a zip with its parts; one with macros inside is not what its extension says."""
    try:
        names = zipfile.ZipFile(content).namelist()
    except (zipfile.BadZipFile, ValueError):
        return False
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return "[Content_Types].xml" in names and any(n.startswith(folder) for n in names) and not macros


def _text(head: bytes, cut: bool) -> str | None:
    """The start of a text in an encoding of Chinese offices, or ``None``; the cut may have split a character."""
    for encoding in ("utf-8-sig", "gb18030"):
        for short in range(4 if cut else 1):
            try:
                text = head[: len(head) - short].decode(encoding)
            except UnicodeDecodeError:
                continue
            return text if all(c >= " " or c in "\t\n\r\f" for c in text) else None
    return None
