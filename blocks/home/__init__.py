"""What the App Home and `mine` show of a person's reports. Nothing here knows a kind of report."""
