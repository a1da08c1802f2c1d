"""Many rows at once: a field set or a step taken, looked at first, then carried out one by one."""
