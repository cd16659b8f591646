"""Which links lead to the same listing."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

SCHEME = re.compile(r"(https?:)?//", re.IGNORECASE)
TRACKING = re.compile(r"(utm_|at_|mtm_|pk_).*|gclid|fbclid|msclkid|xtor|cmp|ref", re.IGNORECASE)


def listing_key(link: str) -> str:
    """What links to one listing share: no scheme, `www.`, last slash, fragment or tracking.

    ValueError for what is no link at all.
    """
    sent = link.strip()
    scheme = SCHEME.match(sent)
    parts = urlsplit("https://" + (sent[scheme.end() :] if scheme else sent))
    host = (parts.hostname or "").removeprefix("www.")
    kept = [pair for pair in parse_qsl(parts.query) if not TRACKING.fullmatch(pair[0])]
    return f"{host}{parts.path.rstrip('/')}?{urlencode(sorted(kept))}"
