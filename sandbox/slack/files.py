"""Files in the workspace: uploaded into a form or with a message, described by `files.info`, and
downloaded from their private addresses.

Source: https://docs.slack.dev/reference/objects/file-object,
https://docs.slack.dev/reference/methods/files.info and
https://docs.slack.dev/messaging/working-with-files. That a token without `files:read` gets a page
with status 200, or a redirect, is what people report; Slack's pages do not say it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from aiohttp import web

from sandbox.slack.calls import text_of
from sandbox.slack.errors import SlackError
from sandbox.slack.method import Method, Methods

if TYPE_CHECKING:
    from sandbox.slack.stand_in import Slack
    from sandbox.slack.workspace import Workspace

Json = dict[str, Any]
SCOPE = "files:read"
PATH = "/slack/files-pri"
TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "heif": "image/heif",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "mp4": "video/mp4",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
SIGN_IN = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head></html>"
CHECK = "check_file_info"


@dataclass(frozen=True)
class File:
    """A file on Slack's servers.

    `size` is Slack's figure, in bytes. A file that came through Slack Connect is shown as
    `check_file_info` in payloads; `access` is that of `files.info`. `mode` is hosted, external,
    tombstone (deleted) or hidden_by_limit. `address` replaces the private address.
    """

    id: str
    name: str
    user: str
    content: bytes
    size: int
    created: int
    mode: Literal["hosted", "external", "tombstone", "hidden_by_limit"] = "hosted"
    access: str = "visible"
    is_connect: bool = False
    error: str | None = None
    """The error of `files.info`."""
    address: str | None = None

    @property
    def ending(self) -> str:
        return self.name.rpartition(".")[2].lower()


@dataclass
class Files:
    """The files of a workspace. These attributes may be changed at any time.

    refuses_with   how a download is refused: a page for signing in, or a redirect to `sign_in_at`
    refuses        refuse every download, whatever the token
    """

    base_url: Callable[[], str]
    new_id: Callable[[str], str]
    clock: Callable[[], float]
    refuses_with: Literal["page", "redirect"] = "page"
    refuses: bool = False
    sign_in_at: str = ""

    def __post_init__(self) -> None:
        self.all: dict[str, File] = {}
        self.downloads: list[str] = []
        """The ids of the files whose bytes the bot asked for."""

    def add(self, user: str, name: str, content: bytes) -> File:
        file = File(self.new_id("F"), name, user, content, len(content), int(self.clock()))
        self.all[file.id] = file
        return file

    def change(self, file_id: str, **changes: Any) -> File:
        """Replace a file by one with other facts."""
        changed = replace(self.all[file_id], **changes)
        self.all[file_id] = changed
        return changed


def file_json(workspace: "Workspace", file: File, *, in_payload: bool = True) -> Json:
    """A file as Slack describes it."""
    if in_payload and file.is_connect:
        return {
            "id": file.id,
            "mode": "file_access",
            "file_access": CHECK,
            "created": 0,
            "timestamp": 0,
            "user": "",
        }
    if file.mode in {"tombstone", "hidden_by_limit"}:
        return {"id": file.id, "mode": file.mode}
    team = workspace.team
    address = file.address or f"{workspace.files.base_url()}{PATH}/{team.id}-{file.id}/{file.name}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.name,
        "mimetype": TYPES.get(file.ending, "application/octet-stream"),
        "filetype": file.ending,
        "user": file.user,
        "user_team": team.id,
        "size": file.size,
        "mode": file.mode,
        "is_external": file.mode == "external",
        "external_type": "",
        "is_public": True,
        "file_access": file.access,
        "url_private": address,
        "url_private_download": address,
        "permalink": f"https://{team.domain}.slack.com/files/{file.user}/{file.id}/{file.name}",
    }


def file_info(slack: "Slack", args: Json) -> Json:
    file = slack.workspace.files.all.get(text_of(args, "file"))
    if file is None:
        raise SlackError("file_not_found")
    if file.error is not None:
        raise SlackError(file.error)
    return {"file": file_json(slack.workspace, file, in_payload=False)}


async def download(slack: "Slack", request: web.Request) -> web.StreamResponse:
    """The bytes of a file, for the bot's token."""
    workspace = slack.workspace
    files, app = workspace.files, workspace.app
    file = files.all.get(request.match_info["file"].partition("-")[2])
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if files.refuses or token != app.bot_token or SCOPE not in app.scopes:
        if files.refuses_with == "redirect":
            at = files.sign_in_at or f"https://{workspace.team.domain}.slack.com/"
            raise web.HTTPFound(f"{at}?redir={request.path}")
        return web.Response(text=SIGN_IN, content_type="text/html")
    if file is None or file.mode != "hosted":
        raise web.HTTPNotFound
    files.downloads.append(file.id)
    return web.Response(body=file.content, content_type=TYPES.get(file.ending, "text/plain"))


def allow(workspace: "Workspace") -> None:
    """Install the app again with `files:read`, as the manifest's edit for photos does."""
    workspace.app = replace(workspace.app, scopes=workspace.app.scopes | {SCOPE})


METHODS: Methods = {"files.info": Method(file_info, needs=SCOPE)}
