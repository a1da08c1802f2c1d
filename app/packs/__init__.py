"""The written policies as data, and the schema that guards them."""
