"""Where the house is wired: settings, addresses, server, command line."""
