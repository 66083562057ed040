"""What templates of the programme write with."""
