"""Pages of rooms: the room itself, its door, and what those who moderate see."""
