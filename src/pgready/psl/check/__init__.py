"""The rules that hold for a resolved schema as a whole, one room for each kind of thing."""
