"""What other areas may ask of customers and of the contacts with them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.areas.customers.contact_log import BUSINESS_LINES, ContactLog
from app.areas.customers.contract import Contract
from app.areas.customers.customer import Customer
from app.areas.customers.customer_assignment import CustomerAssignment
from app.areas.customers.customer_bank_account import CustomerBankAccount
from app.areas.customers.customer_grade import CustomerGrade, is_important
from app.areas.customers.customer_person import CustomerPerson
from app.areas.customers.customer_profile import CustomerProfile
from app.areas.customers.duplicates import WAYS, Group, fill_name_keys
from app.areas.customers.duplicates import groups as duplicate_groups
from app.areas.customers.handing_over import Plan, hand_over, loads_of
from app.areas.customers.handing_over import plan as plan_handover
from app.areas.customers.information_sheet import InformationSheet
from app.areas.customers.overview import Overview, on_customer
from app.areas.customers.profile_answer import ProfileAnswer
from app.areas.customers.profile_question import ProfileQuestion
from app.areas.customers.rules_of_customers import above
from app.areas.customers.sales_lead import SalesLead
from app.areas.customers.sales_lead_unit import SalesLeadUnit
from app.areas.customers.sharing import Load, share_out
from app.core import clock
from app.core.db import session

__all__ = [
    "BUSINESS_LINES", "WAYS", "ContactLog", "Contract", "Customer", "CustomerAssignment", "CustomerBankAccount",
    "CustomerGrade", "CustomerPerson", "CustomerProfile", "Group", "InformationSheet", "Load", "Overview", "Plan",
    "ProfileAnswer", "ProfileQuestion", "SalesLead", "SalesLeadUnit", "above", "duplicate_groups", "failed_attempts",
    "fill_name_keys", "hand_over", "is_important", "loads_of", "on_customer", "plan_handover", "share_out",
]  # fmt: skip

REACHED = "reached"


def failed_attempts(complaint_id: int) -> list[dt.date]:
    """The local day of each outgoing contact about a complaint that reached nobody."""
    log = ContactLog
    tried = sa.select(log.contacted_at).where(
        log.complaint_id == complaint_id, log.direction == "out", log.outcome != REACHED
    )
    return [clock.to_local(at).date() for at in session.scalars(tried.order_by(log.contacted_at))]
