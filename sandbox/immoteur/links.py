"""A key that links to the same listing share."""

import functools
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

SCHEME = re.compile(r"(https?:)?//", re.IGNORECASE)
TRACKING = re.compile(r"(utm_|at_|mtm_|pk_).*|gclid|fbclid|msclkid|xtor|cmp|ref", re.IGNORECASE)


@functools.lru_cache(maxsize=4096)
def listing_key(link: str) -> str:
    """A link without scheme, `www.`, last slash, fragment and tracking parameters.

    :raises ValueError: for a text that is not a link
    """
    address = link.strip()
    scheme = SCHEME.match(address)
    parts = urlsplit("https://" + (address[scheme.end() :] if scheme else address))
    host = (parts.hostname or "").removeprefix("www.")
    pairs = [pair for pair in parse_qsl(parts.query) if not TRACKING.fullmatch(pair[0])]
    return f"{host}{parts.path.rstrip('/')}?{urlencode(sorted(pairs))}"
