"""Links of listings, in all the shapes in which people and Slack write them."""

from typing import Any

import pytest

from blocks.issue import links, prefill, targets

SELOGER = "https://www.seloger.com/annonces/achat/appartement/lyon-3eme-69/215478963.htm"
PAP = "https://www.pap.fr/annonces/appartement-lyon-3e-69003-r456700123"
ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
TRACKED = "?utm_source=mail&utm_campaign=alerte&gclid=x"


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    section = {"type": "rich_text_section", "elements": list(elements)}
    return {"blocks": [{"type": "rich_text", "elements": [section]}]}


def forwarded(message: dict[str, Any]) -> dict[str, Any]:
    """As Slack wraps a message that somebody shared."""
    inner = {"team": "T1", "channel": "C1", "ts": "1.1", "message": message}
    from_url = "https://atelier.slack.com/archives/C1/p11"
    shared = {"is_share": True, "from_url": from_url, "message_blocks": [inner]}
    return {"text": "", "attachments": [shared]}


MESSAGES = [
    ("bare", {"text": f"see <{SELOGER}>"}, (SELOGER,)),
    ("labelled", {"text": f"see <{SELOGER}|the flat>, please"}, (SELOGER,)),
    ("escaped", {"text": f"<{PAP}?a=1&amp;b=2|x>"}, (f"{PAP}?a=1&b=2",)),
    ("without a scheme", {"text": "see seloger.com/x/1.htm."}, ("seloger.com/x/1.htm",)),
    ("with www alone", {"text": "www.pap.fr/annonces/r1 !"}, ("www.pap.fr/annonces/r1",)),
    ("with a label of the same", {"text": "<http://pap.fr/r1|pap.fr/r1>"}, ("http://pap.fr/r1",)),
    ("uppercase, by Slack", {"text": "<HTTPS://WWW.PAP.FR/r1|x>"}, ("HTTPS://WWW.PAP.FR/r1",)),
    ("rich text is raw", rich({"type": "link", "url": f"{PAP}?a=1&b=2"}), (f"{PAP}?a=1&b=2",)),
    ("rich text beside text",
     {"text": f"<{PAP}?a=1&amp;b=2>"} | rich({"type": "link", "url": f"{PAP}?a=1&b=2"}),
     (f"{PAP}?a=1&b=2",)),
    ("bare in rich text", rich({"type": "text", "text": "orpi.com/annonce-1/ ?"}),
     ("orpi.com/annonce-1/",)),
    ("attachment, from_url", {"text": "", "attachments": [{"from_url": PAP}]}, (PAP,)),
    ("attachment, original_url", {"attachments": [{"original_url": PAP}]}, (PAP,)),
    ("attachment, title_link", {"attachments": [{"title": "T3", "title_link": PAP}]}, (PAP,)),
    ("attachment, in its text", {"attachments": [{"text": f"<{PAP}|T3>"}]}, (PAP,)),
    ("attachment, in its fields", {"attachments": [{"fields": [{"value": f"<{PAP}>"}]}]}, (PAP,)),
    ("button",
     {"blocks": [{"type": "actions", "elements": [{"type": "button", "url": PAP}]}]}, (PAP,)),
    ("section",
     {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": f"*<{PAP}|T3>*"}}]},
     (PAP,)),
    ("forwarded", forwarded({"text": f"<{SELOGER}>"}), (SELOGER,)),
    ("forwarded twice", forwarded(forwarded(rich({"type": "link", "url": SELOGER}))), (SELOGER,)),
    ("unfurled", {"text": f"<{PAP}{TRACKED.replace('&', '&amp;')}>",
                  "attachments": [{"from_url": PAP, "title_link": f"{PAP}#photos"}]},
     (PAP + TRACKED,)),
    ("several, in order", {"text": f"<{SELOGER}> <{PAP}>\n<{SELOGER}|again>"}, (SELOGER, PAP)),
    ("one in two cases", {"text": "<https://WWW.Pap.FR/r1> pap.fr/r1/"}, ("https://WWW.Pap.FR/r1",)),
    ("two pages of a portal", {"text": "pap.fr/r1 pap.fr/R1"}, ("pap.fr/r1", "pap.fr/R1")),
    ("other query, other listing", {"text": "pap.fr/x?id=1 pap.fr/x?id=2"},
     ("pap.fr/x?id=1", "pap.fr/x?id=2")),
    ("an e-mail address", {"text": "<mailto:a@pap.fr|a@pap.fr> or b@pap.fr/x"}, ()),
    ("a portal's front page", {"text": "on <http://pap.fr|pap.fr> and <https://seloger.com/>"}, ()),
    ("an address shown in short", {"text": f"<{SELOGER}|{SELOGER[:40]}…>"}, (SELOGER,)),
    ("an address shown without its parameters", {"text": f"<{PAP}?a=1|{PAP}>"}, (f"{PAP}?a=1",)),
    ("a person, a channel, a group", {"text": "<@U1> <#C1|x> <!subteam^S1|@pap.fr/x>"}, ()),
    ("a permalink", {"text": "<https://atelier.slack.com/archives/C1/p1?thread_ts=1>"}, ()),
    ("a picture in the text", {"text": f"<{PAP}/photo-1.JPG>"}, ()),
    ("a picture of an unfurl",
     {"attachments": [{"image_url": f"{PAP}/1", "thumb_url": f"{PAP}/2", "footer_icon": PAP}]}, ()),
    ("a picture block", {"blocks": [{"type": "image", "image_url": PAP, "alt_text": PAP}]}, ()),
    ("a file", {"files": [{"url": f"{PAP}", "title_link": PAP}]}, ()),
    ("a portal's link with an id", {"text": f"<{PAP}/{ID}>"}, (f"{PAP}/{ID}",)),
    ("a page of Immoteur's", {"text": "<https://www.immoteur.com/dashboard/searches>"}, ()),
    ("the machine itself", {"text": "<http://127.0.0.1/r> me.localhost/r <http://[::1]/r>"}, ()),
    ("a private network", {"text": "<http://10.0.0.8/r> <http://192.168.1.1/r> pc.local/r"}, ()),
    ("another scheme", {"text": "ftp://pap.fr/r1 file:///pap.fr/r javascript://pap.fr/r"}, ()),
    ("another scheme, by Slack", {"text": "<ftp://www.pap.fr/r1|pap>"}, ()),
    ("2,048 characters", {"text": f"<{'https://pap.fr/'.ljust(2048, 'r')}>"},
     ("https://pap.fr/".ljust(2048, "r"),)),
    ("2,049 characters", {"text": f"<{'https://pap.fr/'.ljust(2049, 'r')}>"}, ()),
    ("no address at all", {"text": "<https://[> https://[pap.fr/r1 <https://>"}, ()),
    ("nothing", {"text": None, "blocks": None, "attachments": [None, 3]}, ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("message", "found"), [case[1:] for case in MESSAGES], ids=[case[0] for case in MESSAGES]
)
def test_links_are_found_wherever_a_message_hides_them(message: Any, found: Any) -> None:
    values = prefill.from_message(message, None)
    assert str(values.get("propertyIds", "")).split() == [*found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{SELOGER},{PAP}", (SELOGER, PAP)),
        (f"{SELOGER};{PAP};", (SELOGER, PAP)),
        ("pap.fr/r1,seloger.com/2|orpi.com/3", ("pap.fr/r1", "seloger.com/2", "orpi.com/3")),
        ("https://pap.fr/a,b;c/r1,", ("https://pap.fr/a,b;c/r1",)),
        ("https://pap.fr/r1?x=1,2;3", ("https://pap.fr/r1?x=1,2;3",)),
        ("(https://pap.fr/r1).", ("https://pap.fr/r1",)),
        ("(https://pap.fr/a_(b)/r1_(c)).", ("https://pap.fr/a_(b)/r1_(c)",)),
        ("voir https://pap.fr/r1[2]]", ("https://pap.fr/r1[2]",)),
        ("«https://pap.fr/r1», “pap.fr/r2”!", ("https://pap.fr/r1", "pap.fr/r2")),
        ("« https://pap.fr/r1\u202f»\u00a0?", ("https://pap.fr/r1",)),
        ("[pap.fr/r1] {pap.fr/r2} 'pap.fr/r3'", ("pap.fr/r1", "pap.fr/r2", "pap.fr/r3")),
        ("*https://pap.fr/r1* _https://pap.fr/r2", ("https://pap.fr/r1", "https://pap.fr/r2")),
        ("https://pap.fr/r1\u200b", ("https://pap.fr/r1",)),
        ("voir:pap.fr/r1…", ("pap.fr/r1",)),
        ("l'annonce:https://pap.fr/r1", ("https://pap.fr/r1",)),
        ("1/2 and/or 3.5/4 m2/an a.b 12.12.2024/13", ()),
        ("pap.fr seloger.com www.orpi.com", ()),
        ("", ()),
    ],
)
def test_links_are_found_in_what_people_type(text: str, found: tuple[str, ...]) -> None:
    assert tuple(mention.value for mention in targets.in_text(targets.legible(text))) == found


@pytest.mark.parametrize(
    ("link", "why"),
    [
        (SELOGER, None),
        ("pap.fr/r1", None),
        ("https://pap.fr:443/r1", None),
        ("http://8.8.8.8/r1", None),
        ("http://127.0.0.1/r1", "private"),
        ("http://169.254.169.254/latest/metadata-data", "private"),
        ("http://172.16.0.1:8080/r1", "private"),
        ("http://[fe80::1]/r1", "private"),
        ("http://2130706433/r1", "private"),
        ("http://localhost/r1", "private"),
        ("http://intranet/r1", "private"),
        ("http://kare.internal/r1", "private"),
        ("http://kare.internal./r1", "private"),
        ("http://[/r1", "private"),
        ("https://pap.fr/" + "r" * 2033, None),
        ("https://pap.fr/" + "r" * 2034, "too_long"),
    ],
)
def test_a_link_that_leads_to_no_portal_is_told_why(link: str, why: str | None) -> None:
    assert links.fault(link) == why


ONE = "www.pap.fr/annonces/r1?b=2&a=1"


@pytest.mark.parametrize(
    "other",
    [
        f"https://{ONE}",
        f"HTTP://{ONE}",
        ONE.removeprefix("www."),
        ONE.replace("www.pap.fr", "PAP.fr"),
        f"{ONE}#photos",
        f"{ONE}&utm_source=mail&fbclid=1&xtor=ES-1",
        "pap.fr/annonces/r1/?a=1&b=2",
        f" {ONE} ",
    ],
)
def test_two_ways_of_writing_a_link_are_one_listing(other: str) -> None:
    assert links.same(other) == links.same(ONE)


@pytest.mark.parametrize(
    "other",
    [
        "pap.fr/lyon-3e\u0301me",
        "pap.fr/lyon-3%C3%A9me",
        "pap.fr/lyon-3e%CC%81me",
        "pap.fr/lyon-3\u200b%c3%a9me/",
    ],
)
def test_letters_with_accents_are_the_same_however_a_machine_writes_them(other: str) -> None:
    assert links.same(other) == links.same("https://www.pap.fr/lyon-3éme")


def test_a_host_is_the_same_in_its_own_letters_and_in_ascii() -> None:
    assert links.same("https://xn--clich-fsa.fr/r1") == links.same("cliché.fr/r1")


@pytest.mark.parametrize("link", ["pap.fr/a%2Fb", "pap.fr/a%3Fb", "pap.fr/%ff%e9", "pap.fr/%C3x"])
def test_what_is_escaped_for_another_reason_stays_escaped(link: str) -> None:
    assert links.same(link).lower() == link.lower()


@pytest.mark.parametrize(
    "other",
    ["pap.fr/annonces/R1?b=2&a=1", "pap.fr/annonces/r1", "orpi.com/annonces/r1?b=2&a=1",
     "pap.fr/annonces/r1?b=2&a=2"],
)  # fmt: skip
def test_two_listings_stay_two(other: str) -> None:
    assert links.same(other) != links.same(ONE)


@pytest.mark.parametrize(
    ("link", "left"),
    [
        (f"{PAP}{TRACKED}#top", PAP),
        (f"{PAP}?z=1&utm_source=x&a=2", f"{PAP}?z=1&a=2"),
        (f"{PAP}?", PAP),
        (PAP, PAP),
    ],
)
def test_what_only_tells_where_a_link_was_clicked_can_be_left_out(link: str, left: str) -> None:
    assert links.untracked(link) == left
