"""An uploaded table, whatever kept it: an Excel workbook, or comma-separated text in UTF-8 or GB 18030."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Generator, Iterator
from functools import partial
from typing import IO

from flask_babel import gettext as _

from app.core.errors import Problem, Refusal
from app.engines.exchange import sheets

ZIP, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ENDINGS = (".xlsx", ".csv", ".txt")
LIMIT = 200_000
SIGNS = ",;\t，"
Row = tuple[int, list[str]]


def check_name(name: str, head: bytes) -> None:
    """Refuse what is neither a workbook nor a text table, before anything is kept."""
    if head.startswith(OLD):
        text = _("“%(name)s” is of an old kind of Excel; save it as .xlsx and try again.", name=name)
        raise Refusal(Problem(text, "file", "file"))
    workbook = name.lower().endswith(".xlsx")
    if not name.lower().endswith(ENDINGS) or workbook != head.startswith(ZIP):
        text = _("“%(name)s” is no table that can be read: an Excel workbook (.xlsx) or a .csv is expected.", name=name)
        raise Refusal(Problem(text, "file", "file"))


def rows(file: IO[bytes]) -> Generator[Row, None, None]:
    """Number and texts of each row that is not empty; raises ``Refusal`` for a file that cannot be read."""
    head = file.read(4)
    file.seek(0)
    found = sheets.rows(file) if head.startswith(ZIP) else _separated(file)
    for count, (number, cells) in enumerate(found):
        if count > LIMIT:
            raise Refusal(_("At most %(limit)s rows come in with one file; split it.", limit=f"{LIMIT:,}"), rule="size")
        if any(cell.strip() for cell in cells):
            yield number, cells


def guessed(file: IO[bytes]) -> int | None:
    """About how many rows a file has, counted by their signs alone; ``None`` for what is no table."""
    head = file.read(4)
    file.seek(0)
    try:
        pieces = sheets.bytes_of(file) if head.startswith(ZIP) else iter(lambda: file.read(1 << 18), b"")
        sign = b"<row" if head.startswith(ZIP) else b"\n"
        return sum(piece.count(sign) for piece in pieces)
    except Refusal:
        return None
    finally:
        file.seek(0)


def _separated(file: IO[bytes]) -> Iterator[Row]:
    text = io.TextIOWrapper(file, encoding=_encoding(file), newline="")
    sample = text.read(8192)
    text.seek(0)
    first = sample.splitlines()[0] if sample.strip() else ""
    sign = max(SIGNS, key=first.count)
    try:
        yield from enumerate(csv.reader(text, delimiter=sign), start=1)
    except csv.Error as fault:
        raise Refusal(_("The table cannot be read: %(why)s.", why=str(fault)), rule="file") from fault
    finally:
        text.detach()


def _encoding(file: IO[bytes]) -> str:
    """UTF-8 if the whole file is that, with or without its mark; GB 18030 as Excel in China saves it otherwise."""
    for encoding in ("utf-8-sig", "gb18030"):
        file.seek(0)
        reader = io.TextIOWrapper(file, encoding=encoding, newline="")
        try:
            deque(iter(partial(reader.read, 1 << 18), ""), maxlen=0)  # read through, nothing kept
        except UnicodeDecodeError:
            continue
        finally:
            reader.detach()
            file.seek(0)
        return encoding
    raise Refusal(_("The text is neither UTF-8 nor GB 18030; save it as “CSV UTF-8” and try again."), rule="file")
