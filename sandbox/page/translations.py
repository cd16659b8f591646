"""The sentences of Slack's client, in the reader's language."""

FRENCH = {
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
    "Loading…": "Chargement…",
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


class Translations:
    """`translate("Close")` is "Fermer" where the language is "fr"."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, sentence: str, **values: object) -> str:
        """The sentence with the values in its {braces}; in English if there is no translation."""
        translated = FRENCH.get(sentence, sentence) if self.language == "fr" else sentence
        return translated.format(**values) if values else translated
