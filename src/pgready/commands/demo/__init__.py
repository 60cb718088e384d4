"""`demo`: the platform from nothing."""
