"""How long a wait for the bot may last before it counts as a fault."""

PATIENCE = 30.0
"""Seconds. A wait that comes to an end is seldom longer than a moment, but a machine that is busy
with other things may stop all of this for seconds. What must be quick has a limit of its own, such
as the three seconds in which Slack wants an answer."""
