"""The App Home of each person, the list of `mine`, and answers to direct messages."""
