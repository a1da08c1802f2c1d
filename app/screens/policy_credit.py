"""What facts, checks and effects of credit are called on policy pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

CREDIT: Mapping[str, Any] = {
    "credit_allows": _l("the credit of the customer, or money, lets the document go"),
    "has_papers": _l("the papers are there"),
    "file_has_all": _l("every paper of the file is there"),
    "pays_own_customer": _l("the shipment is one of this customer that is not paid"),
    "money_is_left": _l("something is left of the receipt"),
    "was_let_go": _l("the order was let go"),
    "goods_left": _l("the goods have left and are unpaid"),
    "shares_are_set": _l("the shares are set and somebody bears each"),
    "is_over_term": _l("something of the customer is unpaid for longer than the term"),
    "time_is_over": _l("the last day has passed"),
    "year_is_cleared": _l("the year has ended and nothing of it is unpaid"),
    "keep_verdict": _l("keeps what the check found"),
    "keep_invoice_day": _l("the day of the check is the day of the invoice"),
    "keep_third": _l("writes the third of the limit down"),
    "set_term": _l("says by when it is to be paid"),
    "begin_episode": _l("begins an episode above the limit"),
    "use_last_order": _l("uses up the last order of the episode"),
    "note_signers": _l("writes down who signed"),
    "give_slot_back": _l("gives the place in the episode back"),
    "use_remittance": _l("uses the remittance for the order"),
    "give_money_back": _l("frees the money that paid it"),
    "use_receipt": _l("pays the oldest debts, or the order that it is kept for"),
    "pay_chosen": _l("pays the shipment that is named"),
    "reverse_receipt": _l("takes back what it paid, by counter-entries"),
    "find_origin": _l("finds how the goods were let go"),
    "write_off_goods": _l("the shipment stands as lost"),
    "share_out": _l("proposes what each person bears"),
    "charge_three": _l("proposes equal parts for three people"),
    "charge_signer": _l("proposes what the signer bears"),
    "show_to_bearer": _l("shows it to who bears it"),
    "fill_age": _l("writes down how old the oldest debt is"),
    "papers_complete": _l("whether the papers lie in the customer's file"),
    "in_good_standing": _l("by the standing of the customer"),
    "contract_in_force": _l("whether a signed contract with its papers is in force on the day"),
    "contract_cap": _l("the lowest cap that contracts in force set"),
    "trailing": _l("the sum of the days before the day; unpaid orders above the limit do not count"),
    "oldest_unpaid_days": _l("days since the oldest invoice that is not fully paid"),
    "days_over_term": _l("days of the oldest unpaid invoice beyond the term"),
    "earlier_years_cleared": _l("whether nothing is unpaid of invoices of earlier years"),
    "remittance_left": _l("what is left of the confirmed remittance that the order names"),
    "over_limit_slot": _l("by the running episode of the customer"),
    "special_limit": _l("what was granted case by case for the day"),
    "credit_class": _l("Credit class"),
    "trailing_goods": _l("Goods of the days before"),
    "file_complete": _l("File complete"),
    "contract_valid": _l("Contract in force"),
    "remittance": _l("Remittance not yet used"),
    "special": _l("Special credit"),
}
