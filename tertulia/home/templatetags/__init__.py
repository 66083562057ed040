"""What templates of the front page ask for."""
