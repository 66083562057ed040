"""Accounts, ways back in, sessions, roles, and whoever the record credits."""
