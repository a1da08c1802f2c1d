"""What every register stands on: records, register descriptions, screens, API, moves, types, clock and errors."""
