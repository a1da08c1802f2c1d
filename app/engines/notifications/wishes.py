"""What a person wishes to get by which way, and when he is spared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.wording import listed
from app.engines.notifications import settings
from app.engines.notifications.kinds import DIGEST, KINDS, MODES, NOW, OFF
from app.engines.notifications.models import IN_APP, MAIL, MessageHours, MessageWish

Wishes = Mapping[tuple[str, str], str]
ALLOWED = {IN_APP: (NOW, OFF), MAIL: (NOW, DIGEST, OFF)}


def wishes_of(person_id: int) -> dict[tuple[str, str], str]:
    """What a person has chosen, by kind and channel; what is missing goes as the portal says."""
    rows = session.scalars(sa.select(MessageWish).where(MessageWish.employee_id == person_id))
    return {(row.kind, row.channel): row.mode for row in rows}


def hours_of(person_id: int) -> MessageHours | None:
    """A person's own hours, if he has any."""
    return session.get(MessageHours, person_id)


def choose(person_id: int, chosen: Wishes, hours: Mapping[str, str | None]) -> None:
    """Keep what a person wishes; what is as the portal has it is not kept, and so follows the portal later.

    ``hours`` are digest_at, quiet_from and quiet_to, empty for the portal's. Raises ``Refusal``. The caller commits.
    """
    Refusal.when([*_unfit(chosen), *settings.times(hours)])
    setting = settings.current()
    session.execute(sa.delete(MessageWish).where(MessageWish.employee_id == person_id))
    session.add_all(
        MessageWish(employee_id=person_id, kind=kind, channel=channel, mode=mode)
        for (kind, channel), mode in chosen.items() if mode != setting.mode(kind, channel)
    )
    session.execute(sa.delete(MessageHours).where(MessageHours.employee_id == person_id))
    if own := {name: value for name, value in hours.items() if value}:
        session.add(MessageHours(employee_id=person_id, **own))
    session.flush()


def _unfit(chosen: Wishes) -> Iterator[Problem]:
    for (kind, channel), mode in chosen.items():
        field = f"{channel}.{kind}"
        if kind not in KINDS or mode not in ALLOWED.get(channel, ()):
            modes = listed(MODES[one] for one in ALLOWED.get(channel, MODES))
            yield Problem(_("Choose one of: %(modes)s.", modes=modes), field, "choice")
        elif KINDS[kind].fixed and channel == IN_APP and mode == OFF:
            said = _("“%(kind)s” always stands among your notices.", kind=KINDS[kind].label)
            yield Problem(said, field, "fixed")
