"""The machines that several policies share; each with models, operations, pure calculations and sweeps."""
