"""What KARE takes and knows: its client, lists to search, drafts, and what its form is told."""
