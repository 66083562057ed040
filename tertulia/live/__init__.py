"""Rooms in which people talk while it happens."""
