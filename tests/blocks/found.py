"""Three listings of two properties, and what look-ups say of them."""

from blocks.issue.listing import Listing, LookupResults

HOME, TWIN_HOME = "0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7"
FLAT, HOUSE, TWIN = (f"c1a551f1-000{n}-4c3d-9e2f-0000000000b{n}" for n in range(3))
LISTINGS = {
    FLAT: Listing(FLAT, HOME),
    HOUSE: Listing(HOUSE, HOME),
    TWIN: Listing(TWIN, TWIN_HOME),
}
RESULTS = LookupResults(
    listings=LISTINGS,
    links={"pap.fr/flat": FLAT, "pap.fr/house": HOUSE, "pap.fr/twin": TWIN},
    siblings={HOME: (LISTINGS[FLAT], LISTINGS[HOUSE])},
)
