"""Counting without names: no Django here, no account and no time; answers go in, rounded figures come out."""
