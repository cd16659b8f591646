"""The features that are off by default and that `constat try` shows: photos, and unfolded links."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sandbox.catalogue.listings import PORTALS
from sandbox.slack import Workspace, files

LINKS_ON: Mapping[str, str] = {"CONSTAT_UNFURL_DOMAINS": ",".join(PORTALS)}
"""The environment variable that makes the bot unfold links to the listings of the sandbox."""
PHOTO_PACKAGES = ("PIL", "pillow_heif")
BOTH_ON = """\
=== Photos and links that unfold are on here. By default both are off:
    photos = true and CONSTAT_UNFURL_DOMAINS switch them on (docs/settings.md)."""
LINKS_ARE_ON = """\
=== Links that unfold are on here. By default they are off:
    CONSTAT_UNFURL_DOMAINS switches them on (docs/settings.md)."""
AS_IN_FILE = "    Photos are on if your TOML file has photos = true."
NO_PACKAGES = f"    Photos need more packages: {sys.executable} -m pip install Pillow pillow-heif"


@dataclass(frozen=True)
class OptionalFeatures:
    """`settings` are environment variables of the bot. `notice` is printed by `constat try`."""

    settings: Mapping[str, str]
    notice: str


def choose(folder: Path, config: Path | None) -> OptionalFeatures:
    """The features of a trial. A TOML file of the user decides about photos.

    :param folder: an existing folder, for a TOML file that switches photos on
    :param config: the TOML file of the user
    """
    if config is not None:
        settings = {**LINKS_ON, "CONSTAT_CONFIG": str(config.resolve())}
        return OptionalFeatures(settings, f"{LINKS_ARE_ON}\n{AS_IN_FILE}")
    if not all(find_spec(package) for package in PHOTO_PACKAGES):
        return OptionalFeatures(LINKS_ON, f"{LINKS_ARE_ON}\n{NO_PACKAGES}")
    own = folder / "constat.toml"
    own.write_text("photos = true\n", "utf-8")
    return OptionalFeatures({**LINKS_ON, "CONSTAT_CONFIG": str(own.resolve())}, BOTH_ON)


def allow(workspace: Workspace) -> None:
    """Install the app again with the scopes and the event that both features need."""
    files.allow(workspace)
    workspace.app = workspace.app.with_links(*PORTALS)
