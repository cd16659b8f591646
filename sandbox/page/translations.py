"""The sentences of Slack's client, in the reader's language."""

import re

FRENCH = {
    "Add files": "Ajouter des fichiers",
    "Choose other files": "Choisir d’autres fichiers",
    "{author} in #{channel}": "{author} dans #{channel}",
    "{day} at {at}": "{day} à {at}",
    "{name} has not joined.": "{name} n’a pas rejoint ce canal.",
    "A fault lasts until you switch it off.": "Une panne dure jusqu’à ce que vous l’arrêtiez.",
    "answers at once": "répond tout de suite",
    "answers well": "répond bien",
    "answers with a web page": "répond par une page web",
    "Behind the scenes": "En coulisses",
    "constat is not a member": "constat n’est pas membre",
    "constat is starting…": "constat démarre…",
    "constat is stopped.": "constat est arrêté.",
    "has an error of its own (500)": "a une erreur interne (500)",
    "has lost the thread's first message": "a perdu le premier message du fil",
    "has the bot in no channel": "n’a le bot dans aucun canal",
    "hangs up: takes the report, gives no answer": "raccroche : prend le signalement, sans réponse",
    "is busy: try later (429)": "est surchargé : plus tard (429)",
    "is down: nothing connects": "est injoignable : aucune connexion",
    "is not configured (409)": "n’est pas configuré (409)",
    "is slow: 5 s for each answer": "est lent : 5 s par réponse",
    "is stopped": "est arrêté",
    "No row has changed yet.": "Aucune ligne n’a encore changé.",
    "Nothing was sent yet.": "Rien n’a encore été envoyé.",
    "refuses our access (401)": "refuse notre accès (401)",
    "refuses the report (422)": "refuse le signalement (422)",
    "Requests": "Requêtes",
    "Requests, rows of the database, and trouble to switch on": (
        "Requêtes, lignes de la base, et pannes à déclencher"
    ),
    "Rows": "Lignes",
    "See less": "Afficher moins",
    "See more": "Afficher plus",
    "takes more than 3 s": "met plus de 3 s",
    "the message was deleted": "le message a été supprimé",
    "The sandbox does not answer. Trying again…": "Le bac à sable ne répond pas. Nouvel essai…",
    "Connected again.": "Connexion rétablie.",
    "Trouble": "Pannes",
    "Unread mentions": "Mentions non lues",
    "You are": "Vous êtes",
    "(optional)": "(facultatif)",
    "APP": "APPLI",
    "Apps": "Applications",
    "Cancel": "Annuler",
    "Channels": "Canaux",
    "Choose an option": "Choisissez une option",
    "Close": "Fermer",
    "Commands": "Commandes",
    "Delete message": "Supprimer le message",
    "Direct messages": "Messages directs",
    "edited": "modifié",
    "Message {place}": "Envoyer un message à {place}",
    "More actions": "Autres actions",
    "Home": "Accueil",
    "Loading…": "Chargement…",
    "Messages": "Messages",
    "Tabs of the app": "Onglets de l’application",
    "No results": "Aucun résultat",
    "Only visible to you": "Visible par vous uniquement",
    "Please complete this required field.": "Veuillez remplir ce champ obligatoire.",
    "Please enter a valid email address.": "Veuillez saisir une adresse électronique valable.",
    "Please enter a valid URL.": "Veuillez saisir une URL valable.",
    "Please enter a whole number.": "Veuillez saisir un nombre entier.",
    "Remove": "Retirer",
    "Reply…": "Répondre…",
    "Reply in thread": "Répondre dans le fil",
    "Search": "Rechercher",
    "Send": "Envoyer",
    "Sending…": "Envoi…",
    "Submit": "Envoyer",
    "This was not here before you: be the first to write.": "Rien ici pour l’instant.",
    "Type at least {n} characters": "Saisissez au moins {n} caractères",
    "Thread": "Fil de discussion",
    "View message": "Voir le message",
    "We had some trouble connecting. Try again?": (
        "Nous avons eu du mal à nous connecter. Réessayer ?"
    ),
    "{n} reply": "{n} réponse",
    "{n} replies": "{n} réponses",
}

FRENCH_PATTERNS = (
    (re.compile(r"(/\S+) is not a valid command\."), r"\1 n’est pas une commande valide."),
    (re.compile(r"(/\S+) is not supported in threads"), r"\1 n’est pas possible dans un fil"),
    (re.compile(r'(/\S+) failed with the error "(\w+)"'), r"\1 a échoué : erreur « \2 »"),
    (re.compile(r"(\w+) has not joined (\w+)"), r"\1 n’a pas rejoint \2"),
)
"""Sentences of Slack's client that have a name in them."""


class Translations:
    """`translate("Close")` is "Fermer" where the language is "fr"."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, sentence: str, **values: object) -> str:
        """The sentence with the values in its {braces}; in English if there is no translation."""
        translated = _in_french(sentence) if self.language == "fr" else sentence
        return translated.format(**values) if values else translated


def _in_french(sentence: str) -> str:
    if sentence in FRENCH:
        return FRENCH[sentence]
    for pattern, french in FRENCH_PATTERNS:
        if match := pattern.fullmatch(sentence):
            return match.expand(french)
    return sentence
