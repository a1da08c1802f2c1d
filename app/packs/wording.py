"""What the schema has to say against a pack, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.core.wording import N_

MESSAGES = {
    "missing": N_("is missing"),
    "extra_forbidden": N_("is not known here"),
    "string_pattern_mismatch": N_("is not written as it has to be: %(pattern)s"),
    "literal_error": N_("is not one of: %(expected)s"),
    "string_too_short": N_("is empty"),
    "too_short": N_("is empty"),
    "string_type": N_("a text is expected"),
    "int_type": N_("a whole number is expected"),
    "int_parsing": N_("a whole number is expected"),
    "greater_than_equal": N_("is below %(ge)s"),
    "bool_type": N_("yes or no is expected"),
    "bool_parsing": N_("yes or no is expected"),
    "date_type": N_("a date such as 2025-09-30 is expected"),
    "date_parsing": N_("a date such as 2025-09-30 is expected"),
    "date_from_datetime_parsing": N_("a date such as 2025-09-30 is expected"),
    "dict_type": N_("entries with keys are expected"),
    "mapping_type": N_("entries with keys are expected"),
    "model_type": N_("entries with keys are expected"),
    "model_attributes_type": N_("entries with keys are expected"),
    "tuple_type": N_("a list is expected"),
}


def message(error: Mapping[str, Any]) -> str:
    """One fault that pydantic found; a sentence of our own stays as it is, one that has no words stays English."""
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        return str(context["error"])
    text = MESSAGES.get(error["type"])
    return _(text, **{name: str(value) for name, value in context.items()}) if text else str(error["msg"])
