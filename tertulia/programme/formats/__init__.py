"""Programmes as bytes: readers and writers without models."""
