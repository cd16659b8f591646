"""What Slack is answered. A handler reads, validates, stores, acknowledges once, hands over."""
