"""What the door, the page about oneself and the staff's door show."""
