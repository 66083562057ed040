"""What people write, as it is shown."""
