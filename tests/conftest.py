"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# a busy machine is no fault of the code
settings.register_profile("kezhi", deadline=None)
settings.load_profile("kezhi")
