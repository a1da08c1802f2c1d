"""What checks, effects and facts of key accounts, deals and commission are called on policy pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

RETAIL: Mapping[str, Any] = {
    "lead_awaits_transfer": _l("the lead reached the line, is not handed over and is the own one"),
    "key_account_handed_over": _l("a key account was handed over, or that was waived"),
    "source_is_proven": _l("the source is the one that the lead leads to"),
    "terms_were_approved": _l("special payment terms are approved"),
    "signed_by_now": _l("the day of signing is not in the future"),
    "no_live_sheet": _l("the deal has no commission sheet that counts"),
    "rate_begins_later": _l("the rate begins today or later"),
    "rate_ends_later": _l("the rate ends today or later"),
    "file_is_there": _l("there is a file of this number"),
    "time_is_short": _l("the time is not over and not longer than allowed"),
    "event_held": _l("it was held by now"),
    "note_transfer": _l("keeps what was known at the hand-over"),
    "take_over_lead": _l("gives the lead to the manager and begins the file"),
    "serve_own_lead": _l("the manager who won it serves it"),
    "waive_transfer": _l("leaves the lead with its consultant"),
    "find_file": _l("finds the file of the number"),
    "open_window": _l("the permission begins and gets its end"),
    "lead_is_signed": _l("tells the lead that it was signed"),
    "make_sheet": _l("works out the commission sheet"),
    "commission_approved": _l("tells the lead that the commission is shared"),
    "pay_lines": _l("pays every line"),
    "write_reversal": _l("writes a sheet that takes every line back"),
    "take_commission_back": _l("takes the commission back"),
    "end_forum_cycle": _l("the earlier forums are over"),
    "participants": _l("people who took part in the outing"),
}
