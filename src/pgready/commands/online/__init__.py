"""Changes of a database in use: hazards traced before they are deployed."""
