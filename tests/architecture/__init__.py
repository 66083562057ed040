"""What holds the house rules: each test says what, why and the right form."""
