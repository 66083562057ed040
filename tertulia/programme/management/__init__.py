"""What the command line offers of the programme."""
