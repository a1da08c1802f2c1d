"""What counts as a reason."""

from __future__ import annotations

FEWEST = 4


def is_reason(text: str) -> bool:
    """Whether a text says anything: four different letters, digits or Chinese characters."""
    return len({c for c in text if c.isalnum()}) >= FEWEST
