"""What a policy has a form say in place of a value that stays empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.core.lifecycle import Lifecycle


def remarks(life: Lifecycle | None, read: Callable[[str], Any]) -> dict[str, Any]:
    """The remark of each field that is empty because the facts of the case say so."""
    found: dict[str, Any] = {}
    for name, rule in (life.rules if life else {}).items():
        holds = bool(rule.empty_when) and all(read(field) in wanted for field, wanted in rule.empty_when.items())
        if rule.remark and holds and read(name) is None:
            found[name] = rule.remark
    return found
