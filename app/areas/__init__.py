"""Business areas: one folder per area, one file per register."""
