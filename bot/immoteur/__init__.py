"""What Immoteur takes and knows: its client, listings looked up, and what its form is told."""
