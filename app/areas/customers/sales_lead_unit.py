"""Unit wanted by a lead (意向房源): the areas of all units together are the area wanted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section

USES = {"home": _l("Flat or office"), "shop": _l("Shop"), "storage": _l("Storage room"), "parking": _l("Parking space")}


class SalesLeadUnit(Record):
    """A room, shop or storage room that the interested person wants."""

    __table_args__: Any = (UniqueConstraint("lead_id", "room"),)

    lead_id: Mapped[int] = fields.ref(_l("Sales lead"), "sales_lead")
    room: Mapped[str] = fields.text(_l("Room number"), 60)
    use: Mapped[str | None] = fields.choice(_l("Use"), USES)
    area: Mapped[Decimal] = fields.decimal(_l("Floor area"), minimum=Decimal("0.01"), unit="m²")

    register = Register(
        area="customers",
        label=_l("Unit wanted"),
        title="room",
        parent="lead_id",
        menu=False,
        icon="building",
        list=("room", "use", "area"),
        filters=("lead_id",),
        order="id",
        sections=(Section(_l("Unit wanted"), ("lead_id", "room", "use", "area")),),
    )
