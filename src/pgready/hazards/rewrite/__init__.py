"""The safe way: a statement with a hazard, said so that nobody waits for it."""
