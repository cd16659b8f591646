"""The delivery of stored reports, the same for every API."""
