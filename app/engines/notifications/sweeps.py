"""The sweep that sends: test messages, then what was told since, then what is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from app.engines.notifications import delivering, inviting, keeping, settings, spreading, trying
from app.engines.notifications.open_ways import open_ways
from app.engines.sweeps.registry import Counts, sweep


@sweep("messages.send", title=_l("Messages: e-mail and group robots"), schedule="* * * * *", quiet=True)
def send_messages(at: dt.datetime) -> Iterator[Counts]:
    """Spread what was told over the open ways and send what is due by them."""
    setting = settings.current()
    yield from trying.try_out(setting)
    yield from inviting.send_links(at, setting, open_ways(setting.timeout_seconds))
    yield from spreading.spread(at, setting, open_ways(setting.timeout_seconds))
    yield from delivering.deliver(at, setting, open_ways(setting.timeout_seconds))


@sweep("messages.tidy", title=_l("Delete old messages, links and sign-ins"), schedule="50 2 * * *")
def tidy(at: dt.datetime) -> Iterator[Counts]:
    """Forget what the settings of messages say need not be kept any longer."""
    yield from keeping.forget(at, settings.current())
