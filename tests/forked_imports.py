"""What the processes of `tests.forked` share: the process that forks them imports this first.

Beside modules, it has read the languages and the certificates of the machine, which are the same
for each of them.
"""

import gc

import anyio._backends._asyncio  # noqa: F401 - as the bots, whose httpx needs it

from blocks.words import LANGUAGES, words
from bot import network
from bot.commands import COMMANDS, needless_libraries_hidden

with needless_libraries_hidden():
    COMMANDS["serve"].load()
    COMMANDS["log"].load()
    from bot import cli, http_server, socket_mode  # noqa: F401 - each bot has them
    from tests.torture import wrapped  # noqa: F401 - each bot of the torture has it
for language in LANGUAGES:
    words(language)
network.tls()
# A bot that looked through these objects for garbage would copy all the memory they lie in.
gc.collect()
gc.freeze()
