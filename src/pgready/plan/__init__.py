"""Changes as SQL."""
