"""When to try a failed delivery again."""

from __future__ import annotations

import datetime as dt

ATTEMPTS = 8
FIRST_WAIT = dt.timedelta(minutes=1)


def next_attempt(attempts: int, at: dt.datetime) -> dt.datetime | None:
    """The instant after ``attempts`` failures, the wait doubling each time; ``None`` when it is given up."""
    return None if attempts >= ATTEMPTS else at + FIRST_WAIT * 2 ** (attempts - 1)
