"""Classes by the written criteria of packs, with why and why not the next."""
