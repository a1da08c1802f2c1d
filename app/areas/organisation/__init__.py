"""Organisation: matters between departments, meetings and talks, whatever the policy."""
