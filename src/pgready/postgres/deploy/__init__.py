"""The deploy protocol where it talks to the server: lock, messages, steps, and what became of them."""
