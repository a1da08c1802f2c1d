"""Fields that D02 adds to a conduct check: seven techniques, scored one by one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

SCORES = ("score_a", "score_b", "score_c", "score_d", "score_e", "score_f", "score_g")


class CheckTechnique(Record):
    """The policy says how many points a technique has at most; the total is their sum."""

    id: Mapped[int] = detail_key("conduct_check")
    agent_id: Mapped[int | None] = fields.ref(_l("Agent scored"), "employee", needed=True)
    score_a: Mapped[int | None] = fields.integer(_l("A Recognises and analyses problems"), minimum=0, needed=True)
    score_b: Mapped[int | None] = fields.integer(_l("B Broad-minded, quick, foresighted"), minimum=0, needed=True)
    score_c: Mapped[int | None] = fields.integer(_l("C Leads to a joint solution"), minimum=0, needed=True)
    score_d: Mapped[int | None] = fields.integer(_l("D Expert knowledge, advice at any time"), minimum=0, needed=True)
    score_e: Mapped[int | None] = fields.integer(_l("E Takes responsibility"), minimum=0, needed=True)
    score_f: Mapped[int | None] = fields.integer(_l("F Leaves room, avoids danger"), minimum=0, needed=True)
    score_g: Mapped[int | None] = fields.integer(_l("G Grasps opportunities"), minimum=0, needed=True)
    total: Mapped[int | None] = fields.integer(_l("Total"), computed=True)
    best: Mapped[int | None] = fields.integer(_l("Most points"), computed=True)

    register = Register(
        area="staff", label=_l("Technique check"), title="total", detail_of="conduct_check", menu=False,
        actions=frozenset(), list=("agent_id", "total"),
        sections=(Section(_l("Techniques"), ("agent_id", *SCORES, "total", "best"), clause="5"),),
    )  # fmt: skip
