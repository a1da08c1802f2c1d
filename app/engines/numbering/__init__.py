"""Numbers of cases and slips: patterns with a reset period, gapless, whoever else is numbering at that moment."""
