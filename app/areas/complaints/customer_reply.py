"""Reply to the customer (转答客户记录)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section

MEANS = {"letter": _l("Letter"), "phone": _l("Telephone"), "visit": _l("Visit"), "mail": _l("E-mail"),
         "hand_over": _l("Handed over")}  # fmt: skip
KINDS = {
    "retest_result": _l("Result of the second test"),
    "explanation_no_fault": _l("Explanation, no fault of ours"),
    "measures_taken": _l("Measures taken"),
}
RESPONSES = {"accepted": _l("Accepted"), "refused": _l("Refused"), "pending": _l("Not yet known")}


class CustomerReply(Record):
    """What was told to the customer after the decision; it may not promise more than the decision."""

    complaint_id: Mapped[int] = fields.ref(_l("Complaint"), "complaint")
    means: Mapped[str] = fields.choice(_l("By"), MEANS)
    replied_by_id: Mapped[int | None] = fields.ref(_l("Replied by"), "employee", computed=True)
    replied_at: Mapped[dt.datetime] = fields.datetime(_l("Replied"))
    content: Mapped[str] = fields.longtext(_l("Content"))
    promised_amount: Mapped[Decimal] = fields.money(_l("Amount promised"), default=Decimal(0), unit=_l("yuan"))
    promised_return_qty: Mapped[int] = fields.integer(_l("Return quantity promised"), default=0, minimum=0)
    within_instruction: Mapped[bool | None] = fields.boolean(_l("Keeps to what was instructed"))
    kind: Mapped[str | None] = fields.choice(_l("Kind of notice"), KINDS, computed=True)
    customer_response: Mapped[str] = fields.choice(_l("Customer's response"), RESPONSES)

    register = Register(
        area="complaints",
        label=_l("Reply to the customer"),
        title="means",
        parent="complaint_id",
        icon="message",
        list=("replied_at", "complaint_id", "means", "promised_amount", "customer_response", "replied_by_id"),
        filters=("complaint_id", "replied_at", "customer_response"),
        order="-replied_at",
        actions=frozenset({"add"}),
        sections=(
            Section(
                _l("Reply"),
                ("complaint_id", "means", "kind", "replied_at", "replied_by_id", "content"),
                clause="（九）11",
            ),
            Section(
                _l("Promise"),
                ("promised_amount", "promised_return_qty", "within_instruction", "customer_response"),
                clause="（九）11",
            ),
        ),
    )
