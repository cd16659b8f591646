"""The smallest app on Bolt for Python: it acknowledges a form, and keeps nothing of it.

    python -m bench.bare PORT SLACK_API_URL [tuned]

Served as constat is, by the same ASGI server with the same options.
"""

import asyncio
import sys

import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.asgi_server import configured
from sandbox.slack.model import App


def build(slack: str, *, tuned: bool) -> AsyncApp:
    """:param tuned: whether Bolt waits for the listener instead of polling for its ack"""
    app = AsyncApp(
        signing_secret=App.signing_secret,
        client=AsyncWebClient(token=App.bot_token, base_url=slack),
        process_before_response=tuned,
    )

    @app.view("report_issue")
    async def submitted(ack: AsyncAck) -> None:
        await ack()

    return app


async def _serve(port: int, slack: str, *, tuned: bool) -> None:
    handler = AsyncSlackRequestHandler(build(slack, tuned=tuned), path="/slack/events")
    config = configured(handler)
    config.port = port
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), sys.argv[2], tuned="tuned" in sys.argv[3:]))
