"""The words of whatever packs name of the program: checks, effects and facts, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.screens.policy_appeals import APPEALS
from app.screens.policy_checks import CHECKS
from app.screens.policy_credit import CREDIT
from app.screens.policy_effects import EFFECTS
from app.screens.policy_keeping import KEEPING
from app.screens.policy_loyalty import LOYALTY
from app.screens.policy_ratings import RATINGS
from app.screens.policy_retail import RETAIL

NAMED: Mapping[str, Any] = {**CHECKS, **EFFECTS, **APPEALS, **CREDIT, **KEEPING, **LOYALTY, **RATINGS, **RETAIL}
