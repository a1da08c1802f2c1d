"""Work for which the portal must rest: asked for on a screen, done by the process that serves once it has stopped.

Only a process started by ``run.py`` offers it; several processes on one database are stopped by hand.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from app.core import clock

KEY, TOLD = "kezhi_upkeep", "upkeep.json"
GRACE = 1.5
"""Seconds from asking to stopping: the answer to whoever asked leaves first."""


@dataclass(frozen=True)
class Work:
    """What may be asked for: what stands against it, as sentences, and the doing itself."""

    hindrances: Callable[[], list[str]]
    carry_out: Callable[[], None]


class Upkeep:
    """What the serving process can do for the screens, and what was asked of it."""

    def __init__(self, works: Mapping[str, Work]) -> None:
        self.works, self.wanted, self._at = dict(works), "", 0.0

    def ask(self, name: str) -> None:
        """Let the process stop serving and do the work; the first who asks is heard."""
        if not self.wanted:
            self._at, self.wanted = time.monotonic(), name

    @property
    def due(self) -> bool:
        """Whether it is time to stop serving."""
        return bool(self.wanted) and time.monotonic() - self._at > GRACE


def offer(app: Flask, upkeep: Upkeep) -> None:
    """Let the screens of an application ask for work."""
    app.extensions[KEY] = upkeep


def offered() -> Upkeep | None:
    """What this process can be asked for; ``None`` where others may serve the same database."""
    found: Upkeep | None = current_app.extensions.get(KEY)
    return found


def tell(instance: Path, work: str, error: str, said: list[str]) -> None:
    """Keep how a work ended for the screen that asked; ``error`` is empty when it went well."""
    told = {"work": work, "error": error, "said": said, "at": clock.now().isoformat()}
    (instance / TOLD).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def told(work: str) -> dict[str, Any] | None:
    """How the work ended the last time."""
    file = Path(current_app.config["KEZHI_INSTANCE"]) / TOLD
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if found.get("work") == work else None
