"""A pack as people read it: tables with the clause of every row, and what was assumed."""
