"""Every page in every state that matters: one list, and the served houses in which it can be walked."""
