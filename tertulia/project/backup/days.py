"""For how many days archives stay in their folder; apart, so that to know it loads nothing that makes archives."""

HOUSE_DAYS = 30
# An erased room is erased from the copies of its key as well, within a week.
KEYS_DAYS = 6
