"""Personal data: unmasked only as an act with a reason, exported only with a trace."""
