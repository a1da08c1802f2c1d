"""When a customer may be contacted, when he must be, and when the next attempt may be made."""
