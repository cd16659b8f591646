"""The API Immoteur: its client, the look-ups of listings, and the data of its form."""
