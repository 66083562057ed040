"""What templates of rooms may say."""
