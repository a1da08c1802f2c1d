"""Credit: what a customer uses of a limit, the one row that is locked for it, and the verdict on a document."""
