"""Setting up, backing up and serving: what `run.py` does once it is inside its environment."""
