"""The API KARE: its client, the lists to search, the drafts, and the data of its form."""
