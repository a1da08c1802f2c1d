"""Complaints: from first report to archive, whatever the policy."""
