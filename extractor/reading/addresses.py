"""Which hosts on the network an address may lead to."""

import ipaddress
import socket

from extractor.characters import shorten
from extractor.errors import InputError


def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The IP addresses of a host. The caller connects to these and not to the name, which could change its answer.

    Raises `InputError` when there are none, or when one lies in this machine or its own network and may not.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError, OverflowError) as error:  # names that cannot be, and ports
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{shorten(host)} cannot be reached: {shorten(reason)}") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not allow_private and not is_public(address):
            raise InputError(
                f"{shorten(host)} is inside this machine or its network ({address}): --allow-private reads it"
            )
    return addresses


def is_public(address: str) -> bool:
    """Whether this is an ordinary address of the internet, also when an IPv4 address hides inside an IPv6 one.

    Of IPv6, what is given out as such (RFC 4291: 2000::/3) and no more: elsewhere lie old forms of local addresses.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        translated = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF) if ip in _NAT64 else None
        inside = translated or ip.ipv4_mapped or ip.sixtofour
        if inside is None and ip not in _GIVEN_OUT:
            return False
        ip = inside or ip
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _INSIDE)


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
_INSIDE = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "168.63.129.16/32")))
"""What ipaddress holds to be global (some versions of it) and is not: RFC 6890, where Oracle's machines find what they
are, and Azure's overseer, public by its number alone."""
