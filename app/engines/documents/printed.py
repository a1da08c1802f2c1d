"""Prints of many rows in the background: a run for each, its files until they are tidied away, what was left out."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import leases
from app.core.db import Model
from app.core.types import Json, Key

WAITING, DONE, WITHDRAWN, FORGOTTEN = "waiting", "done", "withdrawn", "forgotten"
STATES = {
    WAITING: ("info", _l("Being printed")), DONE: ("ok", _l("Ready")), WITHDRAWN: ("mute", _l("Withdrawn")),
    FORGOTTEN: ("mute", _l("Files removed")),
}  # fmt: skip
FILE = "file"


class PrintRun(leases.Run, Model):
    """Many rows on paper (批量打印): of which register, how far it is, and who works on it.

    Of its ``rows`` so many are ``done``, and so many of these are ``kept`` in a file.
    """

    __tablename__ = "print_run"
    __table_args__ = (Index("ix_print_run_account_id_id", "account_id", "id"), Index("ix_print_run_state", "state"))

    host: Mapped[str] = mapped_column(String(255))
    state: Mapped[str] = mapped_column(Key(20), default=WAITING)
    rows: Mapped[list[int]] = mapped_column(Json, default=list)
    kept: Mapped[int] = mapped_column(BigInteger, default=0)
    left: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)

    @property
    def printed(self) -> int:
        """How many rows are on paper."""
        return self.done - len(self.left)
