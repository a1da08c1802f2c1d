"""What the checks, effects and facts of customer loyalty are called on policy pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

LOYALTY: Mapping[str, Any] = {
    "other_class_has_reason": _l("another class than the figures give has its reason"),
    "vip_has_backup": _l("a VIP of a high class has a second guide"),
    "keeper_can_take_over": _l("the new guide works here and leaves the VIP with two guides"),
    "was_sold": _l("the sale was made"),
    "compute_vip_class": _l("finds the class by twelve months of sales and referrals"),
    "put_vip_class": _l("writes the class into the customer file and replaces the one before"),
    "erase_sensitive": _l("deletes the sensitive answers"),
    "note_keeper": _l("notes who looked after the customer"),
    "give_customer": _l("gives the customer, its class, profile and open care to the new guide"),
    "count_purchase": _l("notes a first purchase and adds up the customer's purchases"),
    "link_referrer": _l("names in the customer file who recommended it"),
    "unlink_referrer": _l("takes the referral out of the customer file"),
    "weigh_satisfaction": _l("marks a score below the lowest one and keeps the latest"),
    "name_month": _l("names the month that it belongs to"),
    # facts of classes
    "spend_12m": _l("Spent in 12 months"), "referrals_12m": _l("Referred customers with a purchase in 12 months"),
    # facts of calculations
    "filled": _l("Questions answered"), "bought": _l("Customers at the start who bought"),
    "at_start": _l("Customers at the start"), "base_profit": _l("Profit to begin with"),
    "points_lost": _l("Points of loyalty lost"), "points_gained": _l("Points of retention gained"),
    "retention_amount": _l("Spent on keeping customers"), "retention_customers": _l("Customers kept"),
    "acquisition_amount": _l("Spent on winning customers"), "customers_won": _l("Customers won"),
    "sold_count": _l("Sales made"), "approached": _l("Customers approached"),
    "cross_sold": _l("Cross-sales and up-sales"), "sales_to_existing": _l("Sales to existing customers"),
}
