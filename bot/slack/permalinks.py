"""The addresses of messages."""


def permalink(base: str, channel: str, ts: str, thread: str | None) -> str:
    """A message's address, as Slack makes it: there is no time to ask Slack for it."""
    link = f"{base}archives/{channel}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={thread}&cid={channel}" if thread and thread != ts else link
