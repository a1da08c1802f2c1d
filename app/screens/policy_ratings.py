"""What surveys, ratings, limits and deals check, do and look at is called on policy pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

RATINGS: Mapping[str, Any] = {
    "truth_declared": _l("whoever fills the form declares its truth"),
    "reviewed_by_another": _l("whoever filled it in does not review it"),
    "contradictions_answered": _l("contradictions between the papers are explained"),
    "survey_filed": _l("an up-to-date survey of the customer is on file"),
    "class_by_facts": _l("the class is not above what the facts of the day give; a lower one has its reason"),
    "rated_together": _l("salesperson and credit controller took part in the rating"),
    "limit_still_allowed": _l("the limit stays within its bounds, with the account and the company's total locked"),
    "deal_within_limit": _l("a limit is in force, nothing open blocks it, and there is room"),
    "deal_needs_approval": _l("something stands against the deal that an approval can lift"),
    "deal_within_approval": _l("no more is above the limit than was asked for"),
    "declared_true": _l("whoever reports declares the truth of it"),
    "limit_as_granted": _l("the contract states the limit that was granted"),
    "nothing_outstanding": _l("nothing is outstanding"),
    "exposure_reduced": _l("no more is in use than the aim of the plan"),
    "date_survey": _l("finds the quarter of the survey and the day by which it is renewed"),
    "replace_survey": _l("takes the place of the survey before"),
    "rate_again": _l("judges the customer again and opens its rating when the class would change"),
    "refresh_rating": _l("keeps the facts of the day as evidence"),
    "put_class_in_force": _l("puts the class in force in place of the one before; class C ends limits"),
    "grant_limit": _l("puts the limit in force in place of the one before"),
    "refuse_limit": _l("keeps the refusal"),
    "note_excess": _l("keeps by how much the deal is above the limit"),
    "use_limit": _l("keeps limit and use as the check found them"),
    "record_over_limit": _l("draws up the formal approval above the limit"),
    "settle_deal": _l("nothing is outstanding any more"),
    "open_custody": _l("opens the handing over of the original to finance"),
    "had_credit": _l("Had credit before"),
    "full_years_together": _l("Full years together"),
    "receipts_of_the_year": _l("Receipts of the year"),
    "deliveries_of_the_year": _l("Deliveries of the year"),
    "serious_breaches": _l("Serious breaches"),
    "dishonest_acts": _l("Illegal acts and broken promises"),
    "broken_promises": _l("Broken promises in a year"),
    "open_disputes": _l("Open disputes and moved assets"),
    "unfair_acts": _l("Unfair acts"),
    "illegal_operations": _l("Illegal operation"),
    "closure_orders": _l("Orders to stop"),
    "freeze_risks": _l("Danger of frozen accounts"),
    "good_years": _l("Good years in a row"),
    "debt_ratio": _l("Debt ratio"),
    "current_ratio": _l("Current ratio"),
    "loss_percent": _l("Loss in per cent of the assets"),
    "falling_months": _l("Months of falling turnover"),
    "severe_months": _l("Months of severe fall"),
    "total": _l("Sum"),
    "months": _l("Months"),
    "credit_sales": _l("Credit sales outstanding"),
    "prepayments": _l("Prepayments outstanding"),
}
