"""Merging: two rows of a register that are about the same become one, and everything that named either names it."""
