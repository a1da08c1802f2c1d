"""The last number given per scope and period."""

from __future__ import annotations

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Model


class NumberSequence(Model):
    """One counter; its row stays locked until the transaction that took a number ends, so no number is lost."""

    __tablename__ = "number_sequence"

    scope: Mapped[str] = mapped_column(String(120), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)
