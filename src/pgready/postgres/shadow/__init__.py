"""Shadow databases, and the migrations that are replayed in them."""
