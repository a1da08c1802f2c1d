"""Customer file (客户档案): one row per buyer, client, tenant, dealer or trading partner, company or person."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import String, event
from sqlalchemy.orm import Mapped, mapped_column

from app.areas.customers.names import LONGEST, name_key
from app.core import fields
from app.core.identifiers import plain_code, plain_phone
from app.core.openlists import OpenChoices
from app.core.register import Record, Register, Section
from app.core.scope import Owned

BUSINESS = {"open": _l("Open"), "closed": _l("Closed")}
PERSON = "person"
SIDES = {"buyer": _l("Buyer"), "partner": _l("Trading partner"), PERSON: _l("Private customer")}
COMPANIES = ("buyer", "partner")
TRADES = {"supplier": _l("Supplier"), "buyer": _l("Buyer"), "both": _l("Supplier and buyer")}
STANDINGS = {
    "prospect": _l("Prospect"), "new": _l("Newly won"), "active": _l("Active"), "silent": _l("Silent"),
    "lost": _l("Lost to us"), "frozen": _l("Frozen"), "leaving": _l("Leaving"), "closed": _l("Closed"),
}  # fmt: skip
CREDIT_CLASSES = {"a": "A", "b": "B", "c": "C", "unrated": _l("Not rated")}
VIP_CLASSES = {"a": "A", "b": "B", "c": "C", "d": "D"}
SALUTATIONS = {"mr": _l("Mr"), "ms": _l("Ms")}
PAPERS = {
    "identity_card": _l("Identity card or residence permit"), "passport": _l("Passport"), "other": _l("Other paper"),
}  # fmt: skip
CHANNELS = {
    "phone": _l("Telephone"), "wechat": _l("WeChat"), "sms": _l("SMS"), "email": _l("E-mail"), "visit": _l("Visit"),
    "activity": _l("Event"),
}  # fmt: skip
RELATIONS = {"existing": _l("Existing customer"), "new": _l("New customer"), "prospect": _l("Prospect")}
TENURES = {"tenant": _l("Tenant"), "owner": _l("Owner of the premises")}
LINES = {"sales": _l("Sales business"), "blasting": _l("Blasting service"), "other": _l("Other")}
SECRECY = {"normal": _l("Ordinary"), "confidential": _l("Confidential")}


def _key_of_new(context: Any) -> str | None:
    """The key of a new row's name, also when rows are inserted in bulk."""
    given = context.get_current_parameters()
    return name_key(given.get("name"), given.get("side"))


class Customer(Owned, Record):
    """Sales people see their own; a field of certain policies is typed where one of them is in force."""

    customer_no: Mapped[str] = fields.text(_l("Customer number"), 30, unique=True)
    name: Mapped[str] = fields.text(_l("Name"), 120)
    short_name: Mapped[str | None] = fields.text(_l("Short name"), 40)
    side: Mapped[str] = fields.choice(_l("Kind"), SIDES, default="buyer")
    standing: Mapped[str | None] = fields.choice(_l("Standing"), STANDINGS, default="active")
    customer_class_id: Mapped[int | None] = fields.ref(
        _l("Class"), "customer_class", used_by=("C03", "C09", "C10")
    )
    country: Mapped[str] = fields.text(_l("Country"), 2, default="CN", help=_l("Two letters; CN means domestic."))
    city: Mapped[str | None] = fields.text(_l("City"), 60)
    address: Mapped[str | None] = fields.text(_l("Address"), 200, width=2)

    credit_code: Mapped[str | None] = fields.text(_l("Unified credit code"), 18, clean=plain_code)
    trade: Mapped[str | None] = fields.choice(_l("Trades as"), TRADES, used_by=("A03",))
    founded_on: Mapped[dt.date | None] = fields.date(_l("Founded on"), used_by=("A03",))
    registered_capital: Mapped[Decimal | None] = fields.money(
        _l("Registered capital"), unit=_l("yuan"), used_by=("A03",)
    )
    industry: Mapped[str | None] = fields.text(_l("Industry"), 60, used_by=("A03",))
    group_head_id: Mapped[int | None] = fields.ref(
        _l("Head of its group of companies"), "customer", help=_l("A group shares one credit limit."),
        used_by=("A03", "A10"),
    )  # fmt: skip
    business: Mapped[str | None] = fields.choice(
        _l("Business"), BUSINESS, help=_l("Of a shop or outlet."), used_by=("A14",)
    )

    salutation: Mapped[str | None] = fields.choice(
        _l("Salutation"), OpenChoices("customer.salutation", SALUTATIONS), used_by=("C03", "C10"),
    )
    birthday: Mapped[dt.date | None] = fields.date(_l("Birthday"), used_by=("C03",))
    age: Mapped[int | None] = fields.integer(_l("Age"), minimum=0, maximum=150, used_by=("A15",))
    id_kind: Mapped[str | None] = fields.choice(_l("Identity paper"), PAPERS)
    id_no: Mapped[str | None] = fields.personal(_l("Identity number"), 30, mask="id", clean=plain_code)

    contact_name: Mapped[str | None] = fields.personal(_l("Contact"), 60, mask="name")
    position: Mapped[str | None] = fields.text(_l("Position"), 60, used_by=("A15",))
    contact_phone: Mapped[str | None] = fields.personal(_l("Contact telephone"), 30, mask="phone", clean=plain_phone)
    other_phone: Mapped[str | None] = fields.personal(_l("Second telephone"), 30, mask="phone", clean=plain_phone)
    contact_email: Mapped[str | None] = fields.personal(_l("Contact e-mail"), 120, mask="email")
    channels: Mapped[list[str] | None] = fields.choices(
        _l("May be contacted by"), CHANNELS, used_by=("A05", "C03", "C10")
    )
    preferred_time: Mapped[str | None] = fields.text(_l("Convenient time"), 60, used_by=("C03", "C10"))
    rest_time: Mapped[str | None] = fields.text(_l("Time of rest"), 60, used_by=("C03", "C10"))
    consent: Mapped[bool | None] = fields.boolean(
        _l("Agrees that personal data are kept"), help=_l("Without it only what the sale needs is kept."),
        used_by=("A05",),
    )  # fmt: skip

    is_member: Mapped[bool | None] = fields.boolean(_l("Member"), used_by=("C03", "C10"))
    member_card_no: Mapped[str | None] = fields.text(_l("Member card"), 30, used_by=("C03", "C10"))
    relation: Mapped[str | None] = fields.choice(_l("Known as"), RELATIONS, used_by=("A05",))
    is_vip: Mapped[bool | None] = fields.boolean(_l("VIP"), computed=True, used_by=("A05",))
    vip_class: Mapped[str | None] = fields.choice(_l("VIP class"), VIP_CLASSES, computed=True, used_by=("A05",))
    class_reason: Mapped[str | None] = fields.longtext(_l("Why this class"), computed=True, used_by=("A05",))
    referred_by_id: Mapped[int | None] = fields.ref(_l("Recommended by"), "customer", used_by=("A05",))
    satisfaction: Mapped[Decimal | None] = fields.decimal(
        _l("Satisfaction (0–100)"), minimum=0, maximum=100, used_by=("A05",)
    )

    first_deal_on: Mapped[dt.date | None] = fields.date(_l("First deal on"), used_by=("A03", "A05"))
    last_buy_on: Mapped[dt.date | None] = fields.date(_l("Latest purchase on"), used_by=("A05",))
    spend_12m: Mapped[Decimal | None] = fields.money(_l("Spent in 12 months"), unit=_l("yuan"), used_by=("A05",))
    visits_12m: Mapped[int | None] = fields.integer(_l("Purchases in 12 months"), minimum=0, used_by=("A05",))
    consumption_features: Mapped[str | None] = fields.longtext(_l("Habits of buying"), used_by=("A15",))
    service_records: Mapped[str | None] = fields.longtext(_l("Service received"), used_by=("A15",))

    had_credit_before: Mapped[bool | None] = fields.boolean(_l("Had credit or prepayment before"), used_by=("A03",))
    credit_class: Mapped[str | None] = fields.choice(
        _l("Credit class"), CREDIT_CLASSES, computed=True, used_by=("A03",)
    )
    rated_on: Mapped[dt.date | None] = fields.date(_l("Rated on"), computed=True, used_by=("A03",))
    credit_note: Mapped[str | None] = fields.longtext(_l("What is known of its credit"), used_by=("C09",))

    opener_name: Mapped[str | None] = fields.personal(_l("Opener of the account"), 60, mask="name", used_by=("A10",))
    opener_id_no: Mapped[str | None] = fields.personal(
        _l("Identity number of the opener"), 30, mask="id", clean=plain_code, used_by=("A10",)
    )
    region: Mapped[str | None] = fields.text(_l("Region"), 60, used_by=("A10",))
    regional_manager_id: Mapped[int | None] = fields.ref(_l("Regional manager"), "employee", used_by=("A10",))
    opener_id_copy = fields.files(_l("Copy of the opener's identity card"), used_by=("A10",))
    licence_copy = fields.files(_l("Copy of the business licence"), used_by=("A10",))

    tenure: Mapped[str | None] = fields.choice(
        _l("Uses the premises as"), OpenChoices("customer.tenure", TENURES), used_by=("A09",),
    )
    units: Mapped[str | None] = fields.text(
        _l("Rooms used"), 200, help=_l("Building, floor, room; parted by commas."), used_by=("A09",)
    )
    leased_area_m2: Mapped[Decimal | None] = fields.decimal(
        _l("Leased area"), unit=_l("m²"), minimum=0, used_by=("A09",)
    )
    lease_start: Mapped[dt.date | None] = fields.date(_l("Lease from"), used_by=("A09",))
    lease_end: Mapped[dt.date | None] = fields.date(_l("Lease to"), used_by=("A09",))

    loan_balance: Mapped[Decimal | None] = fields.money(_l("Loan balance"), unit=_l("yuan"), used_by=("C04",))
    daily_avg_deposit: Mapped[Decimal | None] = fields.money(
        _l("Average daily deposit"), unit=_l("yuan"), used_by=("C04",)
    )
    eligible: Mapped[bool | None] = fields.boolean(
        _l("Has a right to a manager"), computed=True, used_by=("C04",)
    )
    manager_since: Mapped[dt.date | None] = fields.date(_l("Has a manager since"), computed=True, used_by=("C04",))
    exception_reason: Mapped[str | None] = fields.longtext(_l("Why a manager all the same"), used_by=("C04",))

    business_line: Mapped[str | None] = fields.choice(_l("Business line"), LINES, used_by=("C16",))
    segment: Mapped[str | None] = fields.text(_l("Segment"), 40, used_by=("C16",))
    business_partner: Mapped[bool | None] = fields.boolean(_l("Business partner"), used_by=("C09",))
    confidentiality: Mapped[str | None] = fields.choice(_l("Secrecy"), SECRECY, used_by=("C09",))
    last_verified_on: Mapped[dt.date | None] = fields.date(_l("Verified on"), used_by=("C09",))
    demand: Mapped[str | None] = fields.longtext(_l("What the customer needs"), used_by=("C09",))
    business_note: Mapped[str | None] = fields.longtext(_l("Its business"), used_by=("C12",))
    history: Mapped[str | None] = fields.longtext(_l("Dealings so far"), used_by=("C16",))
    development_note: Mapped[str | None] = fields.longtext(_l("How it develops"), used_by=("C03", "C10"))

    equipment: Mapped[str | None] = fields.longtext(_l("Goods, models, specifications"), used_by=("E01",))
    purchase_date: Mapped[dt.date | None] = fields.date(_l("Bought on"), used_by=("E01",))
    purchase_place: Mapped[str | None] = fields.text(_l("Bought at"), 120, used_by=("E01",))
    service_contract_no: Mapped[str | None] = fields.text(_l("Service contract"), 40, used_by=("E01",))
    free_until: Mapped[dt.date | None] = fields.date(_l("Free service until"), used_by=("E01",))
    remote: Mapped[bool | None] = fields.boolean(_l("Far from any outlet"), used_by=("E01",))

    is_key: Mapped[bool | None] = fields.boolean(_l("Key customer"), used_by=("A15",))
    backup_id: Mapped[int | None] = fields.ref(_l("Stands in"), "employee", used_by=("A05",))
    opened_on: Mapped[dt.date | None] = fields.date(_l("Opened on"))
    left_on: Mapped[dt.date | None] = fields.date(
        _l("Left on"), help=_l("Of a household that moved out."), used_by=("D01", "D02")
    )
    anonymised_on: Mapped[dt.date | None] = fields.date(_l("Made anonymous on"), computed=True, used_by=("A05",))
    note: Mapped[str | None] = fields.longtext(_l("Note"))
    merged_into_id: Mapped[int | None] = fields.ref(_l("Merged into"), "customer", computed=True)
    name_key: Mapped[str | None] = mapped_column(String(LONGEST), index=True, default=_key_of_new)

    register = Register(
        area="customers", label=_l("Customer"), title="name", icon="building", order="customer_no",
        facts=("customer_no", "side", "city", "owner_id", "opened_on"),
        lines=("customer_person", "customer_bank_account"), inline=("customer_person", "customer_bank_account"),
        list=("customer_no", "name", "side", "country", "city", "owner_id"),
        search=("customer_no", "name", "credit_code"), retired="merged_into_id", internal=("merged_into_id",),
        permissions=("approve",), participants=True,
        found_by=("customer_no", "name", "short_name", "credit_code", "contact_name", "contact_phone", "other_phone",
                  "contact_email", "id_no"),
        filters=("country", "side", "standing", "customer_class_id", "owner_id", "unit_id", "merged_into_id"),
        sections=(
            Section(_l("Customer"), ("customer_no", "name", "short_name", "side", "standing", "customer_class_id",
                                     "country", "city", "address")),
            Section(_l("Company"), ("credit_code", "trade", "founded_on", "registered_capital", "industry",
                                    "group_head_id", "business"), when=("side", *COMPANIES)),
            Section(_l("Private person"), ("salutation", "id_kind", "id_no", "birthday", "age"), when=("side", PERSON)),
            Section(_l("Contact"), ("contact_name", "position", "contact_phone", "other_phone", "contact_email",
                                    "channels", "preferred_time", "rest_time", "consent")),
            Section(_l("Membership"), ("is_member", "member_card_no", "relation", "is_vip", "vip_class",
                                       "class_reason", "referred_by_id", "satisfaction")),
            Section(_l("Purchases"), ("first_deal_on", "last_buy_on", "spend_12m", "visits_12m",
                                      "consumption_features", "service_records")),
            Section(_l("Credit"), ("had_credit_before", "credit_class", "rated_on", "credit_note"),
                    when=("side", *COMPANIES)),
            Section(_l("Opening of the account"), ("opener_name", "opener_id_no", "region", "regional_manager_id",
                                                   "opener_id_copy", "licence_copy")),
            Section(_l("Premises"), ("tenure", "units", "leased_area_m2", "lease_start", "lease_end")),
            Section(_l("Bank business"), ("loan_balance", "daily_avg_deposit", "eligible", "manager_since",
                                         "exception_reason")),
            Section(_l("What is known"), ("business_line", "segment", "business_partner", "confidentiality",
                                          "last_verified_on", "demand", "business_note", "history",
                                          "development_note")),
            Section(_l("Equipment"), ("equipment", "purchase_date", "purchase_place", "service_contract_no",
                                      "free_until", "remote")),
            Section(_l("Care"), ("unit_id", "owner_id", "backup_id", "is_key", "opened_on", "left_on",
                                 "anonymised_on", "note")),
        ),
    )  # fmt: skip


@event.listens_for(Customer, "before_update")
def _keep_key(_mapper: Any, _connection: Any, row: Customer) -> None:
    row.name_key = name_key(row.name, row.side)
