"""The outgoing network: the operator's environment variables hold for Slack, Immoteur and KARE.

    HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY   the proxy of an address; upper or lower case
    SSL_CERT_FILE, SSL_CERT_DIR                    the certificates that are trusted
    REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE             the same, without the two above

Nothing is read from a .netrc, because it would replace our own tokens.
"""

import ipaddress
import os
import re
import socket
import ssl
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

import certifi


class NetworkSettingsError(Exception):
    """The environment names a way out that cannot be used: a sentence for the operator."""


def check(*urls: str) -> None:
    """Check that the environment names a usable way to each address.

    :raises NetworkSettingsError: when it cannot
    """
    tls()
    for url in urls:
        proxy_for(url)


def proxy_for(url: str) -> str | None:
    """The proxy for an address, None for a direct connection.

    :raises NetworkSettingsError: when it is no HTTP proxy
    """
    target = urlsplit(url)
    proxies = getproxies_environment()
    scheme = {"wss": "https", "ws": "http"}.get(target.scheme, target.scheme)
    name = scheme if proxies.get(scheme) else "all"
    proxy = proxies.get(name)
    if not proxy or _is_exempt(target.hostname or "", target.port or _PORTS.get(scheme), proxies):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    if urlsplit(proxy).scheme not in {"http", "https"} or not urlsplit(proxy).hostname:
        # Without the address, which may hold a password.
        raise NetworkSettingsError(
            f"{name.upper()}_PROXY is no address that begins with http:// or https://"
        )
    return proxy


_PORTS = {"http": 80, "https": 443}


def proxy_passwords() -> list[str]:
    """The passwords that the proxies' addresses hold."""
    passwords = (urlsplit(proxy).password for proxy in getproxies_environment().values())
    return [form for password in passwords if password for form in (password, unquote(password))]


def tls() -> ssl.SSLContext:
    """The certificates that are trusted: the environment's; otherwise the machine's and certifi's.

    :raises NetworkSettingsError: when the environment names none that can be read
    """
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file or folder:
        return _tls("SSL_CERT_FILE", file or None, folder or None)
    for name in BUNDLES:
        if path := os.environ.get(name):
            return _tls(name, None, path) if Path(path).is_dir() else _tls(name, path, None)
    return _tls("", None, None)


BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Variables of other programs for a file or a folder of certificates. OpenSSL's own go before."""


@cache  # reading the certificates takes longer than everything else at the start
def _tls(name: str, file: str | None, folder: str | None) -> ssl.SSLContext:
    """:param name: of the variable that names the file"""
    if folder is not None and not any(Path(part).is_dir() for part in folder.split(os.pathsep)):
        raise NetworkSettingsError("SSL_CERT_DIR is no folder")
    try:
        if file or folder:
            return ssl.create_default_context(cafile=file, capath=folder)
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
    except OSError as error:  # ssl.SSLError too
        reason = error.strerror or type(error).__name__
        raise NetworkSettingsError(
            f"{name} names no certificates that can be read: {reason}"
        ) from error
    return context


def reason(error: BaseException) -> str:
    """A failed connection: its cause, and then the library's own words."""
    words = f"{type(error).__name__}: {error}".strip(": ")
    for cause in _causes(error):
        if "proxy" in type(cause).__name__.lower():
            return f"the proxy: {words}"
        if isinstance(cause, socket.gaierror):
            return f"DNS: {words}"
        if isinstance(cause, ssl.SSLError):
            return f"TLS: {words}"
    return words


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        # aiohttp keeps the operating system's error beside the exception's own chain.
        inner = getattr(error, "os_error", None)
        error = inner if isinstance(inner, BaseException) else error.__cause__ or error.__context__


def _is_exempt(host: str, port: int | None, proxies: dict[str, str]) -> bool:
    """Whether NO_PROXY names a host: its name or the end of it, its address or its net."""
    entries = [_entry(entry) for entry in re.split(r"[,\s]+", proxies.get("no", "")) if entry]
    place = f"{host}:{port}" if port else host
    if proxy_bypass(place, {"no": ",".join(entries)}):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in net for net in _nets(entries))


def _entry(entry: str) -> str:
    """An entry of NO_PROXY as Python reads it: `*.example.com` means `.example.com`, brackets
    around an IPv6 address mean nothing, and neither does a dot at the end of a name.
    """
    bare = re.sub(r"^\[(.*)\]", r"\1", entry).rstrip(".")
    return bare.removeprefix("*") if bare.startswith("*.") else bare


def _nets(entries: Iterable[str]) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    for entry in entries:
        try:
            yield ipaddress.ip_network(entry, strict=False)
        except ValueError:
            continue  # a name
