"""The messages in the workspace when the page opens, for the user to report."""

from sandbox.catalogue import Catalogue
from sandbox.sample_photo import sample_photo
from sandbox.slack import Workspace
from sandbox.slack.seed import ALICE, ANNONCES, BOB, CAROL, DIRECTION, GENERAL, PRIVATE_TALK
from sandbox.slack.seed import SECURITE as SAFETY

FRENCH = {
    "Good morning! Coffee is on the third floor.": "Bonjour ! Le café est au troisième étage.",
    "Emergency exit on the ground floor is blocked again <by pallets> & bins.": (
        "L’issue de secours du rez-de-chaussée est encore bloquée <par des palettes>."
    ),
}


def post_samples(workspace: Workspace, language: str = "en") -> None:
    """:param language: of those messages that are not about one listing, en or fr"""
    words = FRENCH if language == "fr" else {}
    flat, twin = Catalogue.sample_property, Catalogue.twin_property
    shared = f"{Catalogue.sample_link}?utm_source=chat&utm_medium=ad"
    messages = (
        (GENERAL, CAROL, "Good morning! Coffee is on the third floor."),
        (GENERAL, BOB, f"Who knows this one? {shared}"),
        (ANNONCES, CAROL, f"The price of {Catalogue.sample_link} has been wrong since Monday."),
        (ANNONCES, ALICE, f"Deux fois le même appartement : {flat} et {twin}"),
        (SAFETY, BOB, "Emergency exit on the ground floor is blocked again <by pallets> & bins."),
        (DIRECTION, ALICE, "Réunion à 14 h. Merci de ne rien diffuser avant."),
        (PRIVATE_TALK, BOB, f"Can you report {flat} for me? The area is wrong."),
    )
    for channel, user, text in messages:
        files: tuple[str, ...] = ()
        if channel == SAFETY:
            files = (workspace.files.add(user, "exit.png", sample_photo()).id,)
        workspace.say(channel, user, words.get(text, text), files=files)
