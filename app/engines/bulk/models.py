"""Changes of many rows: a run for each, and its rows with what will become, or has become, of them."""

from __future__ import annotations

import json
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import leases
from app.core.crypto import Encrypted
from app.core.db import Model
from app.core.types import Json, Key, RowId

CHOOSING, WAITING, READY, ASKED, DONE, WITHDRAWN = "choosing", "waiting", "ready", "asked", "done", "withdrawn"
STATES = {
    CHOOSING: ("mute", _l("To be chosen")), WAITING: ("info", _l("Being checked")),
    READY: ("hold", _l("To be confirmed")), ASKED: ("info", _l("Being carried out")), DONE: ("ok", _l("Carried out")),
    WITHDRAWN: ("mute", _l("Withdrawn")),
}  # fmt: skip
AT_WORK, OPEN = (WAITING, ASKED), (CHOOSING, WAITING, READY)
EDIT, MOVE = "edit", "move"
UNSEEN, GO, SAME, NO, GONE, LEFT = "unseen", "go", "same", "no", "gone", "left"
VERDICTS = {
    UNSEEN: ("mute", _l("Not looked at yet")), GO: ("info", _l("Will be done")), SAME: ("mute", _l("Unchanged")),
    NO: ("late", _l("Will not be done")), GONE: ("ok", _l("Done")), LEFT: ("warn", _l("Left as it was")),
}  # fmt: skip


class BulkRun(leases.Run, Model):
    """One change of many rows (批量处理): of which register, what, how far it is, and who works on it."""

    __tablename__ = "bulk_run"
    __table_args__ = (Index("ix_bulk_run_account_id_id", "account_id", "id"), Index("ix_bulk_run_state", "state"))

    state: Mapped[str] = mapped_column(Key(20), default=CHOOSING)
    kind: Mapped[str | None] = mapped_column(Key(10))
    key: Mapped[str | None] = mapped_column(Key(60))
    given: Mapped[str | None] = mapped_column(Encrypted())
    counts: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    log: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)

    @property
    def typed(self) -> tuple[dict[str, Any], str]:
        """The fields as they were typed, and the reason."""
        told = json.loads(self.given) if self.given else {}
        return told.get("values", {}), told.get("reason", "")


class BulkRow(Model):
    """A chosen row: the version that was looked at, what becomes of it, and why not."""

    __tablename__ = "bulk_row"
    __table_args__ = (
        UniqueConstraint("run_id", "row_no"),
        UniqueConstraint("run_id", "record_id"),
        Index("ix_bulk_row_verdict", "run_id", "verdict", "row_no"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("bulk_run.id", ondelete="CASCADE"))
    row_no: Mapped[int] = mapped_column(BigInteger)
    record_id: Mapped[int] = mapped_column(RowId)
    version: Mapped[int] = mapped_column(BigInteger)
    verdict: Mapped[str] = mapped_column(Key(10), default=UNSEEN)
    problems: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
