"""Units, people, the roles and posts they hold, and who stands in for whom."""
