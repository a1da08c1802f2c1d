"""Ways out of the portal: each channel has one function that sends a message and raises when it cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.engines.notifications.models import OutboxMessage

Sender = Callable[[OutboxMessage], None]
_senders: dict[str, Sender] = {}


def add_channel(channel: str, send: Sender) -> None:
    """From now on every message also goes out through ``channel``."""
    _senders[channel] = send


def senders() -> Mapping[str, Sender]:
    """The senders by channel."""
    return _senders
