"""Attempts to sign in: a failure counts for a minute, and for its own address."""

from service.access.attempts import MOST, WINDOW_S, Attempts


def test_who_failed_too_often_waits_until_the_first_failure_is_a_minute_old() -> None:
    now = [100.0]
    attempts = Attempts(ticks=lambda: now[0])
    for _ in range(MOST):
        attempts.failed("a")
        now[0] += 1

    waits = (attempts.wait_s("a"), attempts.wait_s("b"))
    now[0] = 100.0 + WINDOW_S

    assert waits == (WINDOW_S - MOST, 0.0)
    assert attempts.wait_s("a") == 0.0


def test_addresses_are_forgotten_when_their_time_is_over() -> None:
    now = [0.0]
    attempts = Attempts(ticks=lambda: now[0])
    for number in range(10_000):
        attempts.failed(str(number))
    now[0] = WINDOW_S + 1

    attempts.failed("new")

    assert len(attempts._failed) == 1  # what is kept is what this is about
