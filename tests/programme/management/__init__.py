"""Tests of the commands of the programme."""
