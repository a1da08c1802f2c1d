"""Who changed what, when, from what to what, under which clause; sealed so that a change of the past shows."""
