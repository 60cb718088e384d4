"""The use cases of `parity`: sides, their reading, their differences."""
