"""Service: how people talk with customers, whatever the policy."""
