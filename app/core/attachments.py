"""Files that belong to a row: named in the database, kept under random names in one store that all hosts share.

A file lies in ``pending`` until a day has passed. By then every transaction has ended, so the table tells the
truth: the sweep settles what has a row and removes what has none. Nothing hangs on hooks after a commit.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from flask import Response, current_app, send_file, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage

from app.core import actor, clock, filetypes, reading
from app.core.db import Model, session
from app.core.errors import NotFound, Problem, Refusal
from app.core.register import Record, registers
from app.core.remembering import within_transaction
from app.core.types import Key, RowId, UtcDateTime

MEGABYTE = 1 << 20
CHUNK = 1 << 18
SETTLED_AFTER = dt.timedelta(days=1)
SWEEP_LIMIT = 5000


class Attachment(Model):
    """One file of a row; whoever may see the row may see it."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_row", "register", "record_id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    register: Mapped[str] = mapped_column(Key(60))
    record_id: Mapped[int] = mapped_column(RowId)
    field: Mapped[str] = mapped_column(Key(60))
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(RowId)
    media_type: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(32), unique=True)
    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    added_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id", ondelete="SET NULL"), default=actor.user_id
    )


# -- rows ------------------------------------------------------------------------------------------------------------


def of_row(register: str, record_id: int) -> list[Attachment]:
    """The attachments of a row, in the order they came; the caller has checked that the row is in reach."""
    query = sa.select(Attachment).where(Attachment.register == register, Attachment.record_id == record_id)
    return list(session.scalars(query.order_by(Attachment.id)))


@within_transaction(Attachment)
def shown(register: str, record_id: int) -> Sequence[Attachment]:
    """The same for a page, which asks for them at each field of files."""
    return of_row(register, record_id)


def of_rows(register: str, ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """The attachments of several rows by row; one statement."""
    wanted, found = list(ids), dict[int, list[Attachment]]()
    query = sa.select(Attachment).where(Attachment.register == register, Attachment.record_id.in_(wanted))
    for row in session.scalars(query.order_by(Attachment.id)) if wanted else ():
        found.setdefault(row.record_id, []).append(row)
    return found


def listed(register: str, record_id: int | None, field: str) -> list[dict[str, Any]]:
    """The files of one field as forms show them: id, name, size in words and address."""
    if record_id is None:
        return []
    view = f"{registers()[register].model.__name__}View.file"
    return [
        {"id": found.id, "name": found.name, "size": size_text(found.size),
         "url": url_for(view, pk=record_id, attachment_id=found.id)}
        for found in shown(register, record_id)
        if found.field == field
    ]


def by_field(register: str, record_id: int, fields: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The files of a row by field, as programs read them."""
    return {field: listed(register, record_id, field) for field in fields}


def links(register: str, record_id: int, field: str) -> Markup:
    """The files of one field as links, a line each."""
    line = Markup('<a href="{url}">{name}</a> <span class="kz-num">{size}</span>')
    return Markup("<br>").join(line.format_map(found) for found in listed(register, record_id, field))


def size_text(size: int) -> str:
    """A number of bytes as people read it."""
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE // 10 else f"{max(1, size >> 10)} KB"


def receive(register: str, record_id: int, field: str, uploads: Iterable[FileStorage]) -> list[Attachment]:
    """Keep uploaded files with a row; raises ``Refusal`` with a problem per file that is not acceptable."""
    chosen = [upload for upload in uploads if upload.filename]
    found: list[tuple[FileStorage, str, str]] = []
    problems: list[Problem] = []
    for upload in chosen:
        name = filetypes.clean_name(upload.filename or "")
        try:
            found.append((upload, name, _checked(name, upload.stream)))
        except Refusal as error:
            problems += [replace(problem, field=field, rule="file") for problem in error.problems]
    Refusal.when(problems)
    kept = [_keep(upload.stream, Attachment(register=register, record_id=record_id, field=field, name=name,
                                            media_type=media_type)) for upload, name, media_type in found]
    session.flush()
    return kept


def keep_made(
    register: str, record_id: int, field: str, name: str, media_type: str, content: IO[bytes]
) -> Attachment:
    """Keep a file that the program has made."""
    kept = Attachment(register=register, record_id=record_id, field=field, name=name, media_type=media_type)
    return _keep(content, kept)


def drop_made(register: str, ids: Iterable[int]) -> int:
    """Take all made files off some rows; how many there were."""
    table = Attachment.__table__
    mine = (table.c.register == register) & table.c.record_id.in_(list(ids))
    keys = list(session.scalars(sa.delete(Attachment).where(mine).returning(table.c.storage_key)))
    for key in keys:
        _unsettle(key)
    return len(keys)


def _checked(name: str, content: IO[bytes]) -> str:
    size, limit = content.seek(0, 2), current_app.config.get("KEZHI_FILE_LIMIT", 20 * MEGABYTE)
    if not name or not size:
        raise Refusal(_("“%(name)s” is empty.", name=name))
    if size > limit:
        raise Refusal(_("“%(name)s” is larger than %(limit)s.", name=name, limit=size_text(limit)))
    return filetypes.media_type(name, content)


def drop(register: str, record_id: int, ids: Iterable[str | int]) -> None:
    """Take attachments off a row; ids that are not the row's are passed over."""
    wanted = set(reading.numbers(ids))
    for found in of_row(register, record_id) if wanted else ():
        if found.id in wanted:
            session.delete(found)
            _unsettle(found.storage_key)
    session.flush()


def download(register: str, record_id: int, attachment_id: int) -> Response:
    """The answer that streams an attachment, never shown inline; raises ``NotFound`` when it is not the row's."""
    found = session.get(Attachment, attachment_id)
    if found is None or (found.register, found.record_id) != (register, record_id):
        raise NotFound()
    answer = send_file(
        open_file(found.storage_key), mimetype=found.media_type, as_attachment=True, download_name=found.name,
        etag=found.sha256, last_modified=found.added_at, max_age=0,
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@event.listens_for(Record, "after_delete", propagate=True)
def _drop_all(_mapper: Any, connection: sa.Connection, record: Record) -> None:
    """A deleted row takes its attachments with it."""
    if any(spec.kind.name == "files" for spec in record.register.fields.values()):
        table = Attachment.__table__
        mine = (table.c.register == record.register.slug) & (table.c.record_id == record.id)
        for key in connection.scalars(sa.delete(Attachment).where(mine).returning(table.c.storage_key)):
            _unsettle(key)


# -- store -----------------------------------------------------------------------------------------------------------


def _store() -> Path:
    return Path(current_app.config.get("KEZHI_FILES") or Path(current_app.instance_path) / "files")


def _pending() -> Path:
    folder = _store() / "pending"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _settled(key: str) -> Path:
    return _store() / key[:2] / key


def _keep(content: IO[bytes], row: Attachment) -> Attachment:
    """Write the content under a random name, first under a temporary one, and add the row."""
    row.storage_key = secrets.token_hex(16)
    place, digest, size = _pending() / row.storage_key, hashlib.sha256(), 0
    draft = place.with_suffix(".part")
    content.seek(0)
    with draft.open("xb") as file:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            size += file.write(chunk)
    draft.replace(place)
    row.sha256, row.size = digest.hexdigest(), size
    session.add(row)
    return row


def open_file(key: str) -> IO[bytes]:
    """The content kept under ``key``; raises ``NotFound``."""
    # twice, because the sweep may move the file between the two looks
    for place in (_settled(key), _pending() / key) * 2:
        try:
            return place.open("rb")
        except FileNotFoundError:
            continue
    raise NotFound(_("The file is missing from the store."))


def bring_back(key: str, content: bytes) -> None:
    """Put content that was kept under ``key`` into the store again, for a row that moved to another database."""
    place = _pending() / key
    place.write_bytes(content)


def _unsettle(key: str) -> None:
    """Put the file of a removed row where the sweep looks; should the removal be rolled back, it is settled again."""
    place = _pending() / key
    if _settled(key).exists():
        _settled(key).replace(place)
    if place.exists():
        place.touch()


def remove_orphans(at: dt.datetime) -> dict[str, int]:
    """Settle files of committed rows and remove those of no row, once they are a day old; counts of both.

    A rehearsal for a later day must not take a file from an open transaction, so ``at`` counts up to now only.
    """
    old = (min(at, clock.now()) - SETTLED_AFTER).timestamp()
    files = list(islice((file for file in _pending().iterdir() if file.stat().st_mtime < old), SWEEP_LIMIT))
    query = sa.select(Attachment.storage_key).where(Attachment.storage_key.in_([file.name for file in files]))
    known = set(session.scalars(query))
    for file in files:
        if file.name in known:
            _settled(file.name).parent.mkdir(exist_ok=True)
            file.replace(_settled(file.name))
        else:
            file.unlink(missing_ok=True)
    return {"settled": len(known), "removed": len(files) - len(known)}
