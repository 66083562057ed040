"""What Tertulia costs beside named peers, measured in the same run; RESULTS.md keeps the figures, dated."""
