"""The proving ground: an empty database that the planner takes for production."""
