"""Copies of the house for the day on which its machine is gone, and the way back from them."""
