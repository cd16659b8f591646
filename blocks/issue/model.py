"""A property-data issue, as Immoteur's `POST /issues` takes it."""

from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from blocks.issue import links

IssueKind = Literal["data", "clustering", "other"]
ClusteringAction = Literal["merge", "split"]
IssueFacet = Literal[
    "price",
    "media",
    "status",
    "location",
    "description",
    "attributes",
    "contact",
    "publisher",
    "link",
    "other",
]
"""In the order in which people use them, which is that of the form."""
KINDS, ACTIONS, FACETS = (get_args(kind) for kind in (IssueKind, ClusteringAction, IssueFacet))

COMMENT_LIMIT = 4000
"""Characters that Immoteur takes. A Slack field takes 3,000, so the form has a second field. Both
are joined by a line break.
"""
FIELD_LIMIT = 3000


class IssueReport(BaseModel):
    """A valid body of `POST /issues`, with the links that are looked up before it is sent. Field
    names are the API's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    propertyIds: tuple[str, ...] = ()
    classifiedIds: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    """Links of listings that are still to be looked up. The API has no such field."""
    splitFrom: tuple[str, ...] = ()
    """Those of the links and classifieds that only name the property of a split by one of its
    listings. The API has no such field: their property is sent in their place.
    """
    issueKind: IssueKind
    clusteringAction: ClusteringAction | None = None
    issueFacets: tuple[IssueFacet, ...] = ()
    comment: str = Field("", max_length=COMMENT_LIMIT)

    def body(self) -> dict[str, Any]:
        """Keys without a value are left out: the API takes no null, "" or []."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in vars(self).items()
            if value
        }

    def targets(self) -> tuple[str, ...]:
        """The properties, or the listings where no property is known yet."""
        looked_up = tuple(links.same(link) for link in self.links)
        return (self.propertyIds or self.classifiedIds) + looked_up
