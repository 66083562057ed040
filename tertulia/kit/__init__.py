"""Tiny pieces without models that every app may use, and the one registry."""
