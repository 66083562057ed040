"""The sample festival of `tertulia demo`: invented, marked as such, and written through the house's own actions."""
