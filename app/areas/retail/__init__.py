"""Sales: deals, rates and sheets of commission, goods handed out."""
