"""Named column types: instants in UTC, money exact to the fen, percentages, identifiers."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Integer, Numeric, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

FEN = Decimal("0.01")
MONEY_LIMIT = Decimal("999999999999.99")

RowId = BigInteger().with_variant(Integer(), "sqlite")
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def fen(value: Decimal) -> Decimal:
    """Round half up to two decimals."""
    return value.quantize(FEN, rounding=ROUND_HALF_UP)


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An instant: aware UTC in Python, UTC in the database; naive values are refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def bind_processor(self, dialect: Dialect) -> Any:
        """As the base, but a sweep binds the same few instants tens of thousands of times."""
        processor = super().bind_processor(dialect)
        return processor and lru_cache(maxsize=512)(processor)

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        utc = value.astimezone(dt.UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class _Scaled(TypeDecorator[Decimal]):
    """A decimal kept as a whole number of its smallest unit on SQLite, as NUMERIC elsewhere."""

    impl = Numeric
    cache_ok = True
    scale = 2

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(18, self.scale))

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        exact = Decimal(value).quantize(Decimal(1).scaleb(-self.scale), rounding=ROUND_HALF_UP)
        return int(exact.scaleb(self.scale)) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value).scaleb(-self.scale) if dialect.name == "sqlite" else Decimal(value)


class Money(_Scaled):
    """Yuan with two decimals; SQLite keeps whole fen, so sums and comparisons are exact."""

    cache_ok = True  # SQLAlchemy asks every class for itself


class Percent(_Scaled):
    """A percentage with four decimals, 100.0000 meaning the whole."""

    cache_ok = True
    scale = 4


class Key(String):
    """A short machine word: a state, a choice, a code."""

    def __init__(self, length: int = 40) -> None:
        super().__init__(length)
