"""Who may do what with the programme."""
