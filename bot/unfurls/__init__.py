"""Links that somebody posted are unfurled to what they lead to."""
