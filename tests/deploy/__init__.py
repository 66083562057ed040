"""What is shipped for a server: units, nginx, containers, and the page that leads through them."""
