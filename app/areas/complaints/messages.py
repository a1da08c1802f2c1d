"""Of which kinds the messages of complaints are."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.engines.notifications import kinds

kinds.place("alert", "meeting.emergency", "joint", "front_desk", "complaint.about_staff")
kinds.place("task", "action", "lab_task", "visit", "measure", "outlet", "tip")
kinds.place("case", "complaint")
kinds.place("report", "report.kept", "numbering")
kinds.add("study", kinds.Kind(_l("Case studies"), ("study",), mail=kinds.DIGEST))
