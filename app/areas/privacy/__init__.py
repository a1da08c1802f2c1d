"""Permission to see or hand out what is protected."""
