"""What other areas may ask of sales."""

from __future__ import annotations

from app.areas.retail.sales_order import SalesOrder

__all__ = ["SalesOrder"]
