"""One command a file; the file name is what is typed."""
