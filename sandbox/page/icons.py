"""Icons as drawings, for characters that a font may lack."""

import htpy as h

LOCK = h.svg(".lock", viewBox="0 0 16 16", width="14", height="14", aria_hidden="true")[
    h.path(fill="currentColor", d="M4 7V5a4 4 0 0 1 8 0v2h1v8H3V7zm2 0h4V5a2 2 0 0 0-4 0z")
]
