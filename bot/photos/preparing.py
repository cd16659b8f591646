"""A file of Slack as it is sent: its bytes, its type, its size and its name."""

import asyncio
from contextlib import ExitStack
from typing import IO

from bot.photo_route import Upload
from bot.photos.errors import PhotoRefusedError
from bot.photos.file_type import file_type
from bot.photos.files import SlackFiles
from bot.photos.name import clean_name
from bot.photos.picture import PictureDrawer, unnamed_file
from storage import photos
from storage.store import Store


class FilePreparer:
    def __init__(self, files: SlackFiles, store: Store) -> None:
        self._files, self._store = files, store
        self._drawer = PictureDrawer()

    async def prepare(self, photo: photos.Photo, stack: ExitStack) -> tuple[Upload, IO[bytes]]:
        """The file to send, and its facts for the API.

        :param stack: closes the file
        :raises PhotoRefusedError, PhotoDelayedError: when it cannot be sent
        """
        info = await self._files.info(photo.file)
        await self._store.write(
            photos.learn, photo, name=info.name, mimetype=info.mimetype, size=info.size
        )
        content = stack.enter_context(unnamed_file())
        await self._files.download(info, content)
        type_ = await asyncio.to_thread(file_type, content, info.name)
        if type_ is None:
            raise PhotoRefusedError("type")
        if type_.redrawn:
            drawn = stack.enter_context(unnamed_file())
            await self._drawer.redraw(content, drawn)
            content.close()
            drawn_type = await asyncio.to_thread(file_type, drawn, info.name)
            content, type_ = drawn, drawn_type or type_
        size = content.seek(0, 2)
        name = clean_name(info.name, type_.ending)
        return Upload(f"constat-{photo.number}-{photo.id}", name, type_.mimetype, size), content
