"""Of which kinds the messages of consequences are."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.engines.notifications import kinds

PAY = ("notice", "fine", "reward", "run", "sanction", "share")
kinds.place("due", "letter")
kinds.add("consequence", kinds.Kind(_l("Fines, rewards and pay"), PAY))
