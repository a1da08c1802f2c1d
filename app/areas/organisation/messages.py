"""Of which kind the messages of this area are."""

from __future__ import annotations

from app.engines.notifications import kinds

kinds.place("task", "item")
