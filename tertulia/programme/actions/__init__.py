"""What changes the programme."""
