"""Whole numbers, money and percentages."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger

from app.core.fieldspec import FieldSpec
from app.core.kinds.base import LARGEST, RANGE, Kind
from app.core.types import MONEY_LIMIT, Money, Percent


class NumberKind(Kind):
    """Shared by whole numbers, money and percentages."""

    ops = RANGE
    align = "end"
    places: ClassVar[int] = 0
    limit: ClassVar[Decimal] = Decimal(LARGEST)

    def parse(self, raw: Any, spec: FieldSpec) -> Any:
        value = self._decimal(raw)
        if spec.minimum is not None and value < Decimal(spec.minimum):
            raise ValueError(_l("Not below %(limit)s.", limit=spec.minimum))
        if spec.maximum is not None and value > Decimal(spec.maximum):
            raise ValueError(_l("Not above %(limit)s.", limit=spec.maximum))
        return value

    def _decimal(self, raw: Any) -> Decimal:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
            raise ValueError(_l("A number is expected."))
        try:
            value = Decimal(str(raw).strip().replace(",", "").replace("，", ""))
        except InvalidOperation:
            raise ValueError(_l("A number is expected.")) from None
        if not value.is_finite() or abs(value) > self.limit:
            raise ValueError(_l("The number is outside what can be kept."))
        if -int(value.as_tuple().exponent) > self.places and value != round(value, self.places):
            raise ValueError(self._too_fine())
        return value

    def _too_fine(self) -> Any:
        return _l("At most %(places)s decimals.", places=self.places)


class IntegerKind(NumberKind):
    """A whole number."""

    name, widget = "integer", "integer"
    json_type: ClassVar[dict[str, Any]] = {"type": "integer"}

    def column_type(self, spec: FieldSpec) -> type[BigInteger]:
        return BigInteger

    def parse(self, raw: Any, spec: FieldSpec) -> int:
        return int(super().parse(raw, spec))

    def _too_fine(self) -> Any:
        return _l("A whole number is expected.")


class MoneyKind(NumberKind):
    """Yuan with at most two decimals."""

    name, widget = "money", "money"
    places, limit = 2, MONEY_LIMIT
    json_type: ClassVar[dict[str, Any]] = {"type": "string", "pattern": r"^-?\d{1,12}(\.\d{1,2})?$"}

    def column_type(self, spec: FieldSpec) -> type[Money]:
        return Money

    def plain(self, value: Decimal | None) -> str | None:
        return None if value is None else f"{value:.2f}"

    def write(self, value: Decimal | None) -> str:
        return self.plain(value) or ""


class PercentKind(MoneyKind):
    """A percentage with at most four decimals."""

    name, widget = "percent", "percent"
    places, limit = 4, Decimal(10000)
    json_type: ClassVar[dict[str, Any]] = {"type": "string", "pattern": r"^-?\d{1,5}(\.\d{1,4})?$"}

    def column_type(self, spec: FieldSpec) -> type[Percent]:  # type: ignore[override]
        return Percent

    def plain(self, value: Decimal | None) -> str | None:
        return None if value is None else f"{value.normalize():f}"


class DecimalKind(PercentKind):
    """A number with at most four decimals: points, base numbers."""

    name, widget = "decimal", "money"
    limit = MONEY_LIMIT
