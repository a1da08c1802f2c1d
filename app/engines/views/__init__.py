"""Views: lists as people have arranged them, kept under a name, for oneself, a role or a unit."""
