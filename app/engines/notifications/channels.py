"""What every way out has in common: why a message could not leave."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from app.core.wording import N_

REASONS: Mapping[str, str] = {
    "connect": N_("The server cannot be reached: %(why)s"),
    "sign_in": N_("The server refused the sign-in: %(why)s"),
    "address": N_("The server refused the address: %(why)s"),
    "answer": N_("The server refused the message: %(why)s"),
    "robot": N_("The robot refused the message: %(why)s"),
    "setting": N_("The channel is not set up completely: %(why)s"),
    "nobody": N_("The person has no e-mail address, or no open account."),
    "kept": N_("The person is kept from the record meanwhile."),
    "stale": N_("It could not leave in time and was too old."),
    "broken": N_("The program met an error: %(why)s"),
}
LONGEST = 500


class CannotSend(Exception):
    """A message could not leave; ``reason`` is one of ``REASONS``, ``for_good`` says that trying again is no use."""

    def __init__(self, reason: str, why: str = "", *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.why, self.for_good = reason, " ".join(why.split()), for_good

    @property
    def kept(self) -> str:
        """What the outbox keeps."""
        return f"{self.reason}|{self.why}"[:LONGEST]


def sentence(error: str) -> str:
    """A kept reason as a sentence in the reader's language; what an older program kept stays as it is."""
    reason, bar, why = error.partition("|")
    return _(REASONS[reason], why=why) if reason in REASONS and (bar or reason == error) else error
