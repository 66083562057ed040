"""Bytes that are made of rows: the seals of the audit log, and files of exports."""
