"""Whether the packages of the extra `photos` are installed."""

from importlib.util import find_spec


def is_installed() -> bool:
    return all(find_spec(name) is not None for name in ("PIL", "pillow_heif"))
