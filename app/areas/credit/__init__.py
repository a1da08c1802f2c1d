"""Credit: contracts' limits, shipments, receipts and what is owed, whatever the policy."""
