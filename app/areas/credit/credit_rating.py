"""Credit rating (信用等级评定): the class of a customer, every criterion with its fact, and who decided."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section
from app.core.types import Json

CLASSES = {"a": "A", "b": "B", "c": "C"}
REVIEWS = {"ok": _l("In order"), "doubt": _l("In doubt")}
CAUSES = {"survey": _l("After a survey"), "sweep": _l("The facts changed"), "first": _l("First rating")}
IN_FORCE = "approved"


class CreditRating(Case, Record):
    """One rating; ``evidence`` is the one document that says how the class was found, ``tests`` what held."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "rating_no"),
        CheckConstraint("rating_no IS NOT NULL OR status = 'draft'", name="numbered_once_put_up"),
        Index("ix_credit_rating_latest", "customer_id", "adopter_id", "status", "id"),
    )

    rating_no: Mapped[str | None] = fields.text(_l("Rating number"), 40, computed=True)
    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer")
    survey_id: Mapped[int | None] = fields.ref(_l("Survey"), "credit_survey")
    cause: Mapped[str] = fields.choice(_l("Why rated"), CAUSES, default="survey", computed=True)
    rated_on: Mapped[dt.date] = fields.date(_l("Rated on"), computed=True)
    computed_class: Mapped[str] = fields.choice(_l("Class by the facts"), CLASSES, computed=True)
    criteria_a: Mapped[list[str] | None] = mapped_column(Json)
    criteria_c: Mapped[list[str] | None] = mapped_column(Json)
    evidence: Mapped[dict[str, Any] | None] = mapped_column(Json, deferred=True)
    proposed_class: Mapped[str | None] = fields.choice(_l("Class proposed"), CLASSES)
    manual_reason: Mapped[str | None] = fields.longtext(_l("Why lower than the facts"))
    attendees: Mapped[list[int] | None] = fields.refs(_l("First rated together with"), "employee")
    review_truth: Mapped[str | None] = fields.choice(_l("Truth of the material"), REVIEWS)
    review_finance: Mapped[str | None] = fields.choice(_l("Balance and operation"), REVIEWS)
    review_dealings: Mapped[str | None] = fields.choice(_l("Dealings and receipts"), REVIEWS)
    vp_opinion: Mapped[str | None] = fields.longtext(_l("Opinion of the vice-president"))
    cfo_opinion: Mapped[str | None] = fields.longtext(_l("Opinion of the chief financial officer"))
    gm_decision: Mapped[str | None] = fields.longtext(_l("Decision of the general manager"))
    final_class: Mapped[str | None] = fields.choice(_l("Class in force"), CLASSES, computed=True)
    approved_on: Mapped[dt.date | None] = fields.date(_l("Approved on"), computed=True)
    previous_id: Mapped[int | None] = fields.ref(_l("Rating before"), "credit_rating", computed=True)
    previous_class: Mapped[str | None] = fields.choice(_l("Class before"), CLASSES, computed=True)

    register = Register(
        area="credit", label=_l("Credit rating"), title="rating_no", subject="computed_class", party="customer_id",
        icon="award", from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        facts=("computed_class", "final_class"),
        list=("rating_no", "customer_id", "computed_class", "proposed_class", "final_class", "previous_class",
              "rated_on",
              "status"),
        search=("rating_no",),
        filters=("status", "customer_id", "computed_class", "final_class", "rated_on", "approved_on", "owner_id",
                 "unit_id"),
        sections=(
            Section(_l("Rating"), ("rating_no", "customer_id", "survey_id", "cause", "rated_on", "status", "unit_id",
                                   "owner_id", "holder_unit_id"), clause="第13条"),
            Section(_l("Class"), ("computed_class", "proposed_class", "manual_reason", "final_class", "approved_on",
                                  "previous_id", "previous_class"), clause="第15条; 第16条; 第17条; 第18条"),
            Section(_l("First rating"), ("attendees", "review_truth", "review_finance", "review_dealings"),
                    clause="第19条; 第20条"),
            Section(_l("Opinions"), ("vp_opinion", "cfo_opinion", "gm_decision"), clause="第19条"),
        ),
    )  # fmt: skip
