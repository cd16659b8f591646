"""Photos: files in Slack are downloaded, made harmless, and sent to the API of their report."""
