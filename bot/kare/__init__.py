"""What KARE takes and knows: its client, lists to search, baskets, and what its form is told."""
