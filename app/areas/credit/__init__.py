"""Credit: surveys, ratings, limits, the deals and documents that use them, and what is owed."""
