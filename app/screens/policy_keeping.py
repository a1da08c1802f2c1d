"""What checks, effects and facts of keeping customers are called on policy pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

KEEPING: Mapping[str, Any] = {
    "keeper_holds_post": _l("the person keeps customers here and has room for one more"),
    "customer_is_kept_once": _l("the person does not keep the customer already"),
    "balance_or_reason": _l("it is the one whom the balance proposes, or there is a reason"),
    "propose_keeper": _l("the balance proposes who keeps the customer"),
    "duty_is_free": _l("nobody else has this duty"),
    "weight_in_bounds": _l("the weight lies within the bounds"),
    "begin_duty": _l("the person sees the duty and the first entry is due"),
    "one_sheet_a_day": _l("there is no sheet of this day yet"),
    "own_material": _l("it is material that the person keeps"),
    "note_extract": _l("the next extract is due on the next working day"),
    "note_update": _l("the next update is due tomorrow"),
    "extracts_are_open": _l("the extracts were handed in and wait to be summed up"),
    "sum_up": _l("receives the extracts and counts the customers by class"),
    "has_right_to_manager": _l("the customer has a right to a manager, or an exception was approved"),
    "keep_exception": _l("keeps the exception in the customer's file"),
    "shares_add_up": _l("the shares of the customer add up to 100 per cent"),
    "share_results": _l("the main manager has what the others leave"),
    "manager_gone": _l("the customer has no manager until it is assigned anew"),
    "join_customer": _l("the second manager sees the customer"),
    "end_assignment": _l("the assignment ends today"),
    "note_verified": _l("keeps in the customer's file when it was verified"),
    "open_account": _l("says whether the account receives customers"),
    "kept_customers": _l("Customers kept"), "capacity_weight": _l("Weight of the ability"),
    "rule_level": _l("Level by the table"), "under_contract": _l("A service contract is in force"),
    "free_of_charge": _l("Within the free time"), "balance_sum": _l("Sum of the balances in yuan"),
    "days_counted": _l("Days"), "foreign_amount": _l("Amount in foreign money"), "rate": _l("Rate to the yuan"),
    "result_amount": _l("Result"), "share_percent": _l("Share"),
}
