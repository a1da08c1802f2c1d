"""What the checks and effects of a laboratory's appeals are called on policy pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

APPEALS: Mapping[str, Any] = {
    "letter_attached": _l("the written appeal is attached"),
    "chair_in_post": _l("the chair is a quality manager"),
    "review_recorded": _l("the review of this round is written down"),
    "team_reported": _l("a team that was needed has handed in its report"),
    "nonconformity_opened": _l("work that did not conform has its corrective action"),
    "compensation_agreed": _l("the compensation of a loss was agreed upon"),
    "rounds_exhausted": _l("the last round that is allowed is over"),
    "correction_in_order": _l("approved, recalled, stamped void, and marked as changed"),
    "sample_at_hand": _l("the sample to be tested is there"),
    "two_other_testers": _l("two testers who did not make the original test"),
    "tested_together": _l("both test on the same day"),
    "take_appeal": _l("puts the report under appeal"),
    "appeal_again": _l("puts the report that stands now under appeal"),
    "uphold_report": _l("lets the report stand"),
    "find_report_wrong": _l("puts the correction of the report to the signatory"),
    "keep_notice": _l("keeps the written notice to the customer"),
    "open_data_review": _l("opens the review of the whole test"),
    "open_retest": _l("opens the second test"),
    "sign_review": _l("signs the review"),
    "order_sampling": _l("sends the sampler out"),
    "record_sampling": _l("registers the new sample"),
    "hand_out_tests": _l("codes the sample and gives each tester a task without names"),
    "collect_results": _l("collects the results when both are done"),
    "tell_retest": _l("decodes the sample and tells the case"),
    "print_number": _l("gives the number as it is printed"),
    "replace_report": _l("replaces the report that it corrects"),
    "tell_appeal": _l("tells the appeal how the report stands"),
    "in_time": _l("answered in time"), "due": _l("due to be answered"),
}
