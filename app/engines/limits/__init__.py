"""Bounds of packs: what is asked for against what is allowed."""
