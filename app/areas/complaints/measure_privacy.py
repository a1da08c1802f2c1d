"""Fields that A01 adds to a measure: a hazard to user information, where it was found and how grave it is."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

SOURCES = {
    "self_inspection": _l("Self-inspection"), "monitoring": _l("Monitoring"), "internal_audit": _l("Internal audit"),
    "regulator": _l("Inspection by the regulator"), "risk_assessment": _l("Risk assessment"),
}  # fmt: skip
LEVELS = {"low": _l("Low"), "medium": _l("Medium"), "high": _l("High")}


class MeasurePrivacy(Record):
    """Put right by its owner, verified by somebody else."""

    id: Mapped[int] = detail_key("corrective_action")
    hazard_source: Mapped[str | None] = fields.choice(_l("Found by"), SOURCES)
    source_ref: Mapped[str | None] = fields.text(_l("Record it was found in"), 80)
    hazard: Mapped[str | None] = fields.longtext(_l("Hazard"))
    level: Mapped[str | None] = fields.choice(_l("Level"), LEVELS)

    register = Register(
        area="complaints", label=_l("Hazard (postal)"), title="level", detail_of="corrective_action", menu=False,
        actions=frozenset(), list=("hazard_source", "level"),
        sections=(
            Section(_l("Hazard"), ("hazard_source", "source_ref", "hazard", "level"), clause="第27条; 第33条; 第44条"),
        ),
    )  # fmt: skip
