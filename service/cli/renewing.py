"""A store whose vectors are of another model: renewed before serving, beside it, or by command."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import Final

from service.cli.elsewhere import run_elsewhere
from service.cli.invocation import Invocation
from service.cli.output import complain
from service.cli.progress import meter
from service.indexing.beside import beside
from service.logs import OwnWords
from service.renewal import Renewed, is_due, must_come_first, renew, tenants_of
from service.wiring import Services

logger = logging.getLogger(__name__)

# After a start, those who wait for their first answers go first.
FIRST_S: Final = 1.0
AGAIN_S: Final = 30.0


def renew_now(invocation: Invocation) -> Renewed | None:
    """Derive everything anew if vectors are of another model, and show how far that is.

    Raises:
        OnrampError: if the model, the taxonomies or the store cannot be used.
    """
    with meter("opening the store") as progress:
        return renew(invocation.settings, on_progress=progress.tell)


def renew_first(invocation: Invocation) -> None:
    """Derive everything anew before anything is served, if nothing can be served before.

    Raises:
        OnrampError: if the model, the taxonomies or the store cannot be used.
    """
    if not must_come_first(invocation.settings):
        return
    complain(
        "The vectors of this store are of a model that is not to be had, so that no question "
        "can be compared with them: everything is derived anew before it serves."
    )
    renew_now(invocation)


@contextmanager
def renewed_beside(services: Services, *, first_s: float = FIRST_S) -> Iterator[None]:
    """Derive everything anew by a process of its own, if that is due, while this one serves.

    What is due is what the model of this process asks for; once that is done, another one that
    comes into place stays.
    """
    if is_due(services.records, services.model_hash):
        with beside(partial(_renew, services, first_s=first_s), name="renewal"):
            yield
    else:
        yield


def _renew(services: Services, stop: Event, *, first_s: float) -> None:
    wait = first_s
    while not stop.wait(wait):
        if not is_due(services.records, services.model_hash):
            logger.warning("All vectors and links are of the model that is configured.")
            return
        logger.warning(
            "The vectors of the store are of another model than the one that is configured, or "
            "its taxonomies older; all is made anew beside, and the old serves until then.%s",
            OwnWords(_so_far(services)),
        )
        ended = run_elsewhere(["init", "--rederive", "--if-due"], services.settings, stop)
        if ended.code:
            logger.warning("It is tried again in %d s: %s", AGAIN_S, OwnWords(ended.said))
        else:
            for line in ended.said.splitlines():
                logger.warning("%s", OwnWords(line))
        wait = AGAIN_S if is_due(services.records, services.model_hash) else 0.0


def _so_far(services: Services) -> str:
    records = services.records
    found = [each for each in map(records.derivation, tenants_of(records)) if each and each.total]
    done, total = sum(each.done for each in found), sum(each.total for each in found)
    return f" {done:,} of {total:,} are there." if total else ""
