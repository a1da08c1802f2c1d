"""Amounts by the formulas of packs, each explained with its numbers."""
