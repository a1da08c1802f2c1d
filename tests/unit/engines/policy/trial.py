"""A small pack in order, and ways to spoil it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.packs import schema

TEXT = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")


def content() -> dict[str, Any]:
    """The pack's content, to be changed at will."""
    return copy.deepcopy(dict(schema.parse(TEXT)))


def spoiled(**at: Any) -> dict[str, Any]:
    """The content with other values at dotted paths (``__`` for the dot); ``None`` takes the key away."""
    made = content()
    for path, value in at.items():
        *way, last = (int(step) if step.isdecimal() else step for step in path.split("__"))
        place: Any = made
        for step in way:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return made


def faults(made: Mapping[str, Any]) -> dict[str, str]:
    """Messages by path of everything wrong with a content."""
    try:
        schema.build(made)
    except schema.PackError as error:
        return {fault.path: fault.message for fault in error.faults}
    return {}
