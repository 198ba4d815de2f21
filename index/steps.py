"""The steps of a save, told to whoever listens: a test that ends the process at one of them."""

from collections.abc import Callable

Listener = Callable[[str], None]

# Module-level, since a parameter for the tests' sake would go through every index's `save`.
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Let a listener hear the name of every step from now on, just before what follows it."""
    _listeners.append(listener)


def step(name: str) -> None:
    """Tell the listeners, if there are any, which step a save has come to."""
    for listener in _listeners:
        listener(name)
