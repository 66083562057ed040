"""The front page, and what looks across all parts."""
