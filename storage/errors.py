"""Why the file could not be used. Importing this file loads no library."""


class StorageError(Exception):
    """The file could not be used; the cause says why."""


class UnusableDatabaseError(StorageError):
    """The file is missing, corrupt, read-only, another program's, or a newer constat's."""
