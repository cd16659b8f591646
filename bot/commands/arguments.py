"""Arguments that several commands have."""

import click

LARGEST = 2**63 - 1
"""The largest number that SQLite stores."""
NUMBER = click.IntRange(1, LARGEST)
"""The number of a report, or how many there are."""
