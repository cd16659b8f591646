"""From a stored report to what became of it, the same for every API."""
