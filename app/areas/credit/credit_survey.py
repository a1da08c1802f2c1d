"""Credit survey (客户信用调查评定表): what is known of a customer in one quarter, reviewed and filed with finance."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

METHODS = {"visit": _l("Visit"), "phone": _l("Telephone"), "paper": _l("Questionnaire"), "other": _l("Other")}
FINDINGS = {"none": _l("No contradiction"), "explained": _l("Explained"), "contradiction": _l("Contradiction")}
FILED = "filed"


class CreditSurvey(Case, Record):
    """One survey of one customer; whoever fills it answers for its truth."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "survey_no"),
        Index("ix_credit_survey_latest", "customer_id", "status", "updated_on"),
    )

    survey_no: Mapped[str | None] = fields.text(_l("Survey number"), 40, computed=True)
    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer")
    updated_on: Mapped[dt.date | None] = fields.date(_l("Fully updated on"))
    quarter: Mapped[str | None] = fields.text(_l("Quarter"), 6, computed=True)
    basic_info: Mapped[str | None] = fields.longtext(_l("Basic information"))
    principals: Mapped[str | None] = fields.longtext(_l("Shareholders and principals"))
    bank_accounts: Mapped[str | None] = fields.longtext(_l("Main settlement accounts"))
    operation: Mapped[str | None] = fields.longtext(_l("Operation"))
    finance: Mapped[str | None] = fields.longtext(_l("Finances"))
    dealings: Mapped[str | None] = fields.longtext(_l("Dealings with us"))
    credit_record: Mapped[str | None] = fields.longtext(_l("Credit record"))
    other: Mapped[str | None] = fields.longtext(_l("Other matters"))
    key_data_complete: Mapped[bool | None] = fields.boolean(_l("Key material complete"))
    law_abiding: Mapped[bool | None] = fields.boolean(
        _l("Abides by the law, keeps contracts and promises"), help=_l("As the department manager judges.")
    )
    truth_declared: Mapped[bool | None] = fields.boolean(_l("I answer for the truth of this form"))
    filled_by_id: Mapped[int | None] = fields.ref(_l("Filled in by"), "employee", computed=True)
    manager_opinion: Mapped[str | None] = fields.longtext(_l("Opinion of the department manager"))
    contradiction_result: Mapped[str | None] = fields.choice(_l("Contradictions between the papers"), FINDINGS)
    contradictions: Mapped[str | None] = fields.longtext(_l("What contradicts what"))
    review_dealings: Mapped[str | None] = fields.longtext(_l("Review of the dealings"))
    review_credit_record: Mapped[str | None] = fields.longtext(_l("Review of the credit record"))
    review_other: Mapped[str | None] = fields.longtext(_l("Other points reviewed"))
    reviewed_by_id: Mapped[int | None] = fields.ref(_l("Reviewed by"), "employee", computed=True)
    reviewed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Reviewed"), computed=True)
    finance_filed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Filed with finance"), computed=True)
    surveyed_on: Mapped[dt.date | None] = fields.date(_l("Surveyed on"))
    method: Mapped[str | None] = fields.choice(_l("Method"), METHODS)
    content: Mapped[str | None] = fields.longtext(_l("What was asked"))
    analysis: Mapped[str | None] = fields.longtext(_l("Analysis"))
    verified: Mapped[bool | None] = fields.boolean(_l("Data verified"))
    papers = fields.files(_l("Papers"))

    register = Register(
        area="credit", label=_l("Credit survey"), title="survey_no", subject="quarter", party="customer_id",
        icon="clipboard-search", from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        facts=("quarter", "key_data_complete"),
        list=("survey_no", "customer_id", "quarter", "updated_on", "key_data_complete", "status", "filled_by_id"),
        search=("survey_no",),
        filters=("status", "customer_id", "quarter", "updated_on", "owner_id", "unit_id"),
        sections=(
            Section(_l("Survey"), ("survey_no", "customer_id", "updated_on", "quarter", "status", "surveyed_on",
                                   "method", "filled_by_id", "unit_id", "owner_id", "holder_unit_id"),
                    clause="第10条; 第12条"),
            Section(_l("What is known"), ("basic_info", "principals", "bank_accounts", "operation", "finance",
                                          "dealings", "credit_record", "other", "content", "analysis", "verified",
                                          "papers"), clause="第8条"),
            Section(_l("Declared"), ("key_data_complete", "truth_declared"), clause="第10条; 第18条"),
            Section(_l("Review of the department"), ("manager_opinion", "law_abiding"), clause="第10条; 第15条(3)"),
            Section(_l("Review of the company"), ("contradiction_result", "contradictions", "review_dealings",
                                                  "review_credit_record", "review_other", "reviewed_by_id",
                                                  "reviewed_at", "finance_filed_at"), clause="第11条"),
        ),
    )  # fmt: skip
