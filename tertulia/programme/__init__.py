"""Events and what is on: sessions, contributors, rooms, slots."""
