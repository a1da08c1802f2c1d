"""Contact log (客户联系登记): each call, message or attempt, in or out, with its time and outcome."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned

DIRECTIONS = {"in": _l("Incoming"), "out": _l("Outgoing")}
MEANS = {
    "phone": _l("Telephone"),
    "sms": _l("SMS"),
    "im": _l("Instant message"),
    "email": _l("E-mail"),
    "visit": _l("Visit"),
    "activity": _l("Event"),
    "handed_call": _l("Hotline call handed over on the spot"),
}
MENU_CHOICES = {"advice": _l("Advice"), "complaint": _l("Complaint or suggestion")}
BUSINESS_LINES = {"sales": _l("Sales business"), "blasting": _l("Blasting service"), "other": _l("Other")}
TOPICS = {"presale": _l("Before the purchase"), "aftersale": _l("After the sale"), "other": _l("Other matter")}
TRANSFERS = {
    "wrong_account": _l("Wrong account"), "presale_topic": _l("A question before the purchase"),
    "aftersale_topic": _l("A question after the sale"),
}  # fmt: skip
END_REASONS = {"settled": _l("Settled"), "continued_as_case": _l("Continued as a case")}
OUTCOMES = {
    "reached": _l("Reached"),
    "no_answer": _l("No answer"),
    "power_off": _l("Switched off"),
    "suspended": _l("Suspended"),
    "refused": _l("Refused to talk"),
    "wrong_number": _l("Wrong number"),
}


class ContactLog(Owned, Record):
    """One contact; about a case of any kind, or none. The program scans what was said for forbidden phrases."""

    contacted_at: Mapped[dt.datetime] = fields.datetime(_l("Contacted"))
    direction: Mapped[str] = fields.choice(_l("Direction"), DIRECTIONS)
    means: Mapped[str] = fields.choice(_l("By"), MEANS)
    outcome: Mapped[str] = fields.choice(_l("Outcome"), OUTCOMES)
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    caller: Mapped[str | None] = fields.personal(_l("Person spoken to"), 60, mask="name")
    number_used: Mapped[str | None] = fields.personal(_l("Number called"), 30, mask="phone", used_by=("B04",))
    scene: Mapped[str | None] = fields.text(_l("Occasion"), 60, used_by=("A14",))
    content: Mapped[str] = fields.longtext(_l("What was said"))
    answer: Mapped[str | None] = fields.longtext(_l("Answer given"))
    wishes: Mapped[str | None] = fields.longtext(_l("What the customer needs"))
    next_step: Mapped[str | None] = fields.text(_l("What follows"), 200)
    callback_due_at: Mapped[dt.datetime | None] = fields.datetime(_l("To be called back by"))
    transferred_to: Mapped[str | None] = fields.text(_l("Passed on to"), 60)
    transferred_at: Mapped[dt.datetime | None] = fields.datetime(_l("Passed on"))
    menu_choice: Mapped[str | None] = fields.choice(_l("Chosen in the voice menu"), MENU_CHOICES, used_by=("C16",))
    business_line: Mapped[str | None] = fields.choice(_l("Business line"), BUSINESS_LINES, used_by=("C16",))
    answered_directly: Mapped[bool | None] = fields.boolean(_l("Answered at once"), used_by=("C16",))
    order_no: Mapped[str | None] = fields.text(_l("Order number"), 40, used_by=("A14",))
    amount_due: Mapped[Decimal | None] = fields.money(_l("Amount due"), unit=_l("yuan"), used_by=("A14",))
    recording: Mapped[str | None] = fields.text(_l("Recording"), 120, used_by=("A14",))
    agent_no: Mapped[str | None] = fields.text(_l("Number of the hotline agent"), 20, used_by=("A04",))
    identity_verified: Mapped[bool | None] = fields.boolean(_l("Verified that it is the hotline"), used_by=("A04",))
    joint_result: Mapped[str | None] = fields.longtext(_l("Result reached together"), used_by=("A04",))
    end_reason: Mapped[str | None] = fields.choice(_l("How the call ended"), END_REASONS, used_by=("A04",))
    account_id: Mapped[int | None] = fields.ref(_l("Shop account"), "access_grant", used_by=("C11",))
    buyer_account: Mapped[str | None] = fields.text(_l("Account of the buyer"), 60, used_by=("C11",))
    topic: Mapped[str | None] = fields.choice(_l("Topic"), TOPICS, used_by=("C11",))
    to_account_id: Mapped[int | None] = fields.ref(_l("Transferred to the account"), "access_grant", used_by=("C11",))
    transfer_reason: Mapped[str | None] = fields.choice(_l("Why it was transferred"), TRANSFERS, used_by=("C11",))
    forbidden_used: Mapped[bool] = fields.boolean(_l("Forbidden phrase used"), default=False, computed=True)
    forbidden_found: Mapped[str | None] = fields.text(_l("Phrases found"), 200, computed=True)

    register = Register(
        area="customers",
        label=_l("Contact log"),
        title="contacted_at",
        icon="phone",
        order="-contacted_at",
        actions=frozenset({"add"}),
        list=("contacted_at", "direction", "means", "outcome", "complaint_id", "customer_id", "owner_id",
              "forbidden_used"),
        search=("order_no",),
        filters=("contacted_at", "complaint_id", "customer_id", "owner_id", "order_no", "forbidden_used"),
        sections=(
            Section(_l("This contact"), ("contacted_at", "direction", "means", "outcome", "complaint_id", "customer_id",
                                    "scene", "caller", "number_used", "content", "answer"), clause="5.3.1.5"),
            Section(_l("What follows"), ("next_step", "callback_due_at", "transferred_to", "transferred_at", "wishes")),
            Section(_l("Voice menu"), ("menu_choice", "business_line", "answered_directly"), clause="4.1A"),
            Section(_l("Order and recording"), ("order_no", "amount_due", "recording")),
            Section(_l("Shop account"), ("account_id", "buyer_account", "topic", "to_account_id", "transfer_reason"),
                    clause="(一)2①"),
            Section(_l("Call of the hotline"), ("agent_no", "identity_verified", "joint_result", "end_reason"),
                    clause="第11条(二)"),
            Section(_l("Entry"), ("forbidden_used", "forbidden_found", "unit_id", "owner_id"), clause="S3"),
        ),
    )  # fmt: skip
