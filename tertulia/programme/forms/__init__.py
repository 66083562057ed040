"""The forms of the programme's pages."""
