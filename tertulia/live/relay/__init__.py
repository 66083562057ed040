"""The fan-out: one log per room, posts in, server-sent events out. No Django, no app in here."""
