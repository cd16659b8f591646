"""Stand-ins for Slack, Immoteur and KARE, as strict as the real ones. The bot imports none."""
