"""How much the HTTP edge takes in, and from whom: chosen by whoever serves."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The bounds of one process; the defaults suit two threads that answer.

    Attributes:
        hosts: the names by which the service is addressed, such as ``onramp.example.org`` or
            ``*.example.org``; none for any name.
        proxies: the addresses and networks of proxies whose ``X-Forwarded-For`` is believed.
        body_s: how long a body may take to come in, beside a second for each 250 kB of it.
        body_bytes: how much all bodies together may hold that are coming in or worked on.
        in_flight: how many requests are worked on at once, batches apart.
        queue: how many more wait; beyond them requests are refused.
        queue_s: how long one waits at most, in seconds.
        many_in_flight: how many bulk and batch requests are worked on at once; as many wait.
        key_rate: requests a minute of one key, all workers together; 0 for no limit.
        address_rate: requests a minute from one address with publishable keys or none; 0 for no
            limit.
        failure_rate: failed sign-ins a minute from one address; 0 for no limit.
        workers: how many processes share the rates.
    """

    hosts: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    body_s: float = 10.0
    body_bytes: int = 256_000_000
    in_flight: int = 8
    queue: int = 32
    queue_s: float = 2.0
    many_in_flight: int = 2
    key_rate: int = 6_000
    address_rate: int = 600
    failure_rate: int = 60
    workers: int = 1

    def share(self, rate: int) -> int:
        """Return this process's part of a rate, rounded up; 0 stays no limit."""
        return -(-rate // self.workers)
