"""Reports that a pack describes: closed rows of a month, running rows and their clocks, late steps and their slips."""
