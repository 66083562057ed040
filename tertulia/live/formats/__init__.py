"""What people write in rooms, as it is shown; no models."""
