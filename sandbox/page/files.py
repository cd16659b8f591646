"""Files in the page: the field that takes them, the files of a message, and their bytes."""

from typing import Any

import htpy as h
from aiohttp import web

from sandbox.page.field_view import FieldView
from sandbox.page.render_context import RenderContext
from sandbox.slack.files import TYPES, File
from sandbox.slack.workspace import Workspace

Json = dict[str, Any]
POSTED = "files"
"""The name of the files in a posted form."""
ADDRESS = "/file/"
SHOWN = frozenset({"jpg", "jpeg", "png", "gif", "webp"})
"""Endings of files that a browser shows."""


def draw_field(context: RenderContext, view: FieldView) -> h.Renderable:
    """The files that the field holds, and a button that takes others in their place."""
    endings = view.element.get("filetypes") or []
    # The browser's own control has the browser's language, and forgets what was chosen before.
    label = context.translate("Choose other files" if view.value else "Add files")
    chosen = [h.li[_picture(file["id"], file["name"])] for file in view.value or []]
    return h.div(".files", id=view.id)[
        h.ul[chosen] if chosen else None,
        h.label(".file-button")[
            label,
            h.input(
                context.post("upload", "change", field=view.name),
                {
                    "hx-encoding": "multipart/form-data",
                    "aria-labelledby": f"label-{view.block_name}",
                },
                type="file",
                name=POSTED,
                multiple=True,
                accept=",".join(f".{ending}" for ending in endings),
            ),
        ],
    ]


def draw_of_message(files: list[File]) -> h.Node:
    if not files:
        return None
    return h.ul(".files")[(h.li[_picture(file.id, file.name)] for file in files)]


def _picture(file_id: str, name: str) -> h.Node:
    address = f"{ADDRESS}{file_id}"
    if name.rpartition(".")[2].lower() in SHOWN:
        return h.a(href=address, target="_blank")[h.img(src=address, alt=name), h.small[name]]
    return h.a(href=address, target="_blank")[f"📄 {name}"]


def response(workspace: Workspace, file_id: str) -> web.Response:
    """The bytes of a file, for the browser of a person."""
    file = workspace.files.all.get(file_id)
    if file is None:
        raise web.HTTPNotFound
    # A document is not opened on the page's address: a script in it could act as the person.
    safe = file.ending in SHOWN
    headers = {} if safe else {"Content-Disposition": "attachment"}
    kind = TYPES[file.ending] if safe else "application/octet-stream"
    return web.Response(body=file.content, content_type=kind, headers=headers)
