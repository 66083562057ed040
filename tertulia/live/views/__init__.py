"""Pages of rooms: the room, its door, one message, what is found there, and what those who moderate see."""
