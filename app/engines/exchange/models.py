"""Files on their way in: a run for each, the file while it is being read, and its rows until they are tidied away."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import actor, clock, leases
from app.core.crypto import Encrypted
from app.core.db import Model
from app.core.types import Json, Key, RowId, UtcDateTime

WAITING, READY, ASKED, DONE, FAILED, WITHDRAWN = "waiting", "ready", "asked", "done", "failed", "withdrawn"
STATES = {
    WAITING: ("info", _l("Being read")), READY: ("hold", _l("To be confirmed")), ASKED: ("info", _l("Being saved")),
    DONE: ("ok", _l("Imported")), FAILED: ("late", _l("Could not be read")), WITHDRAWN: ("mute", _l("Withdrawn")),
}  # fmt: skip
AT_WORK, OPEN = (WAITING, ASKED), (WAITING, READY, ASKED)
ADD, UPDATE, BOTH = "add", "update", "both"
MODES = {
    ADD: _l("Only new records"), UPDATE: _l("Only changes of existing records"), BOTH: _l("New records and changes"),
}  # fmt: skip
NEW, CHANGED, SAME, BAD = "new", "changed", "same", "bad"
VERDICTS = {
    NEW: ("ok", _l("To be added")), CHANGED: ("info", _l("To be changed")), SAME: ("mute", _l("Unchanged")),
    BAD: ("late", _l("With errors")),
}  # fmt: skip


class ImportRun(leases.Run, Model):
    """One uploaded file (导入批次): for which register, how far it is, what was found, and who works on it."""

    __tablename__ = "import_run"
    __table_args__ = (Index("ix_import_run_account_id_id", "account_id", "id"), Index("ix_import_run_state", "state"))

    account_id: Mapped[int | None] = mapped_column(  # type: ignore[assignment]  # a command imports for nobody
        ForeignKey("ab_user.id", ondelete="RESTRICT"), default=actor.user_id
    )
    file_name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)
    mode: Mapped[str] = mapped_column(Key(10))
    policy: Mapped[str | None] = mapped_column(Key(12))
    state: Mapped[str] = mapped_column(Key(20), default=WAITING)
    good_only: Mapped[bool] = mapped_column(default=False)
    heads: Mapped[list[str]] = mapped_column(Json, default=list)
    columns: Mapped[list[str]] = mapped_column(Json, default=list)
    total: Mapped[int | None] = mapped_column(BigInteger)  # type: ignore[assignment]  # unknown before it is read
    counts: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    saved: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    worker: Mapped[str | None] = mapped_column(String(80))
    log: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)


class ImportFile(Model):
    """A piece of an uploaded file, kept until its rows are staged."""

    __tablename__ = "import_file"
    __table_args__ = (UniqueConstraint("run_id", "piece"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    piece: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[str] = mapped_column(Encrypted())


class ImportRow(Model):
    """A staged row: the texts of its cells, what will become of it, and what is wrong with it."""

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("run_id", "row_no"),
        Index("ix_import_row_verdict", "run_id", "verdict", "row_no"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    row_no: Mapped[int] = mapped_column(BigInteger)
    verdict: Mapped[str] = mapped_column(Key(10))
    record_id: Mapped[int | None] = mapped_column(RowId)
    cells: Mapped[str] = mapped_column(Encrypted())
    changes: Mapped[str | None] = mapped_column(Encrypted())
    problems: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)


class ImportProgress(Model):
    """How far a commit is, written beside its transaction, which holds the run: no key may lead there."""

    __tablename__ = "import_progress"

    run_id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
