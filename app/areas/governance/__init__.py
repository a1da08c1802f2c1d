"""Governance: recurring checks of units, and what they found."""
