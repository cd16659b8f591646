"""The body that Immoteur accepts for POST /issues."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"


def _left_out(value: Any) -> Any:
    if value is None or value in ("", []):
        raise PydanticCustomError("left_out", "Leave the key out rather than send an empty value")
    return value


Uuid = Annotated[str, Field(pattern=UUID)]
Sent = BeforeValidator(_left_out)
Facet = Literal[
    "attributes", "contact", "description", "link", "location", "media", "other", "price",
    "publisher", "status",
]  # fmt: skip


class IssueReport(BaseModel):
    """The body of POST /issues. The rules that depend on `issueKind` are in `broken_rules`."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, alias_generator=to_camel)

    issue_kind: Literal["clustering", "data", "other"]
    property_ids: Annotated[list[Uuid], Sent] = []
    classified_ids: Annotated[list[Uuid], Sent] = []
    clustering_action: Annotated[Literal["merge", "split"] | None, Sent] = None
    comment: Annotated[str, Field(max_length=4000), Sent] = ""
    issue_facets: Annotated[list[Facet], Sent] = []

    @property
    def targets(self) -> int:
        """The number of distinct ids, in upper or lower case."""
        return sum(
            len({target.lower() for target in ids})
            for ids in (self.property_ids, self.classified_ids)
        )

    def broken_rules(self) -> Iterator[tuple[str, str]]:
        """The field and the sentence of each rule of its kind that the report breaks."""
        if self.issue_kind == "data" and not self.issue_facets:
            yield "issueFacets", "At least one is required when issueKind is data"
        if self.issue_kind == "other" and self.issue_facets:
            yield "issueFacets", "Not allowed when issueKind is other"
        if self.issue_kind == "other" and not self.comment.strip():
            yield "comment", "A comment that is not blank is required when issueKind is other"
        if self.issue_kind != "clustering" and self.clustering_action:
            yield "clusteringAction", f"Not allowed when issueKind is {self.issue_kind}"
        if self.issue_kind == "clustering" and not self.clustering_action:
            yield "clusteringAction", "Required when issueKind is clustering"
        if self.issue_kind == "clustering" and self.targets < 2:
            yield "propertyIds", "At least two targets are required when issueKind is clustering"
