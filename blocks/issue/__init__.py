"""The form of `/report-issue`: issues of property data, filed with Immoteur."""
