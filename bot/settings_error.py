"""What is raised for settings. Importing this file loads no library."""


class SettingsError(Exception):
    """Settings are missing or wrong. Each fault is one sentence, without a secret."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults
