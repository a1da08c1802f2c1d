"""First steps: from an empty installation to a company at work."""
