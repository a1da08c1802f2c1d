"""What a decision is about, where no amount says it: what the record's list shows of it."""

from __future__ import annotations

from typing import Any

from app.core import values
from app.core.whole import Whole

KINDS = ("ref", "choice", "money", "text")


def stakes(whole: Whole) -> list[dict[str, Any]]:
    """The columns of the lists of the record and of its detail that its policy uses and that are filled."""
    register, detail = whole.register, whole.detail_register
    names = [*(name for name in register.list if name != register.title), *(detail.list if detail else ())]
    specs = [spec for name in names if (spec := whole.fields.get(name)) and spec.kind.name in KINDS]
    known = values.names_of(values.wanted_names(specs, whole.get))
    told = ((spec, values.text(spec, whole.get(spec.name), known)) for spec in specs)
    return [{"label": spec.label, "value": text} for spec, text in told if text]
