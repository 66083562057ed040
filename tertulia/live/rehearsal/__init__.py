"""A dress rehearsal: real clients over HTTP, and books that must balance. No Django, no app in here."""
