"""Tertulia: the self-hosted home of a movement."""
