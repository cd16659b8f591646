"""What kind of issue the words of a message most likely tell of."""

from collections.abc import Mapping

import pytest

from blocks.issue.guess import guess


def data(*facets: str) -> Mapping[str, object]:
    return {"issueKind": "data", "issueFacets": facets}


SPLIT = {"issueKind": "clustering", "clusteringAction": "split"}
MERGE = {"issueKind": "clustering", "clusteringAction": "merge"}
OTHER = {"issueKind": "other"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("le prix est faux", data("price")),
        ("Wrong price", data("price")),
        ("Loyer 950 €, pas 590", data("price")),
        ("photos d’un autre bien", data("media")),
        ("mauvaise adresse", data("location")),
        ("VENDUE depuis un mois", data("status")),
        ("already sold", data("status")),
        ("le lien renvoie une 404", data("link")),
        ("la description parle d'un garage", data("description")),
        ("numéro de téléphone périmé", data("contact")),
        ("mauvaise agence", data("publisher")),
        ("surface fausse : 3 pièces", data("attributes")),
        ("prix et photos faux", data("price", "media")),
        ("doublon", MERGE),
        ("c'est le même appartement", MERGE),
        ("same flat, two agencies", MERGE),
        ("the same listing twice", MERGE),
        ("à fusionner", MERGE),
        ("ce n'est pas le même bien", SPLIT),
        ("not the same home", SPLIT),
        ("à séparer", SPLIT),
        ("bonjour", {}),
        ("", {}),
        ("les clients de la parentèle", {}),
        ("https://pap.fr/prix/photos pap.fr/le-prix/r1", {}),
    ],
)
def test_words_are_taken_for_a_kind(text: str, kind: Mapping[str, object]) -> None:
    assert guess(text, count=2) == kind


@pytest.mark.parametrize(
    ("text", "kind"), [("doublon", OTHER), ("pas le même bien", SPLIT), ("le prix", data("price"))]
)
def test_one_listing_alone_is_never_guessed_to_be_merged(
    text: str, kind: Mapping[str, object]
) -> None:
    assert guess(text, count=1) == kind
