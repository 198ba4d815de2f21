"""Keys on the command line, for whoever runs the machine."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from service.access import IssuedKey, Keys, NewKey
from service.api.key_types import issued_json, key_json
from service.cli.output import Column, complain, console, table, write_json
from service.domain.access import OPERATOR, PrincipalKind, Scope
from service.domain.ids import EmployerId, LearnerId, TenantId
from service.domain.key import Key
from service.settings import Settings
from service.wiring import open_access

_SHOWN_ONCE: Final = (
    "The line above is the whole key, shown this once: the store keeps only what it takes to "
    "recognize it. Put it where your program reads its secrets from."
)
_FOR_PAGES: Final = """\
The line above is the key, shown this once; whoever opens a page with it may read it.
On {origins} paste:
  <script type="module" src="https://{server}/widget/v1.js" crossorigin></script>
  <onramp-recommendations key="{key}"></onramp-recommendations>
or, where scripts are stripped:
  <iframe title="Find your next credential" width="100%" height="900"
    src="https://{server}/embed?key={key}"></iframe>"""
_EXAMPLE: Final = "onramp.example.edu"
_PAGE: Final = 1000


class KeyFacts(NamedTuple):
    """What was said of a key that is to be made."""

    label: str
    tenant: str
    party: str | None
    learner: str | None
    days: int | None


def wanted_key(
    scopes: Sequence[Scope], origins: Sequence[str], facts: KeyFacts, *, publishable: bool
) -> NewKey:
    """Return what the key is to be."""
    until = timedelta(days=facts.days) if facts.days else None
    return NewKey(
        label=facts.label,
        kind=PrincipalKind.PUBLISHABLE if publishable else PrincipalKind.SECRET,
        tenant=TenantId(facts.tenant),
        scopes=frozenset(scopes),
        party=EmployerId(facts.party) if facts.party else None,
        learner=LearnerId(facts.learner) if facts.learner else None,
        origins=tuple(origins),
        expires=datetime.now(UTC) + until if until else None,
    )


def create_key(settings: Settings, wanted: NewKey, *, as_json: bool) -> None:
    """Make a key and show it.

    Raises:
        NotFound: if there is no such tenant.
        InvalidRecord: if no key can be like that.
        StoreProblem: if the store cannot be used.
    """
    with open_access(settings) as access:
        _show(access.keys.create(OPERATOR, wanted), settings, as_json=as_json)


def rotate_key(settings: Settings, key: str, overlap_hours: float, *, as_json: bool) -> None:
    """Make a key in the place of another and show it.

    Raises:
        NotFound: if there is none with this id.
        InvalidQuestion: if it is not valid any more.
        StoreProblem: if the store cannot be used.
    """
    overlap = timedelta(hours=overlap_hours)
    with open_access(settings) as access:
        _show(access.keys.rotate(OPERATOR, key, overlap=overlap), settings, as_json=as_json)
    if not as_json:
        until = f"for {overlap_hours:g} hours more" if overlap_hours else "no more"
        complain(f"The old key {key} is valid {until}.")


def revoke_key(settings: Settings, key: str, *, as_json: bool) -> None:
    """Revoke a key and say so.

    Raises:
        NotFound: if there is none with this id.
        StoreProblem: if the store cannot be used.
    """
    with open_access(settings) as access:
        revoked = access.keys.revoke(OPERATOR, key)
    if as_json:
        write_json(key_json(revoked))
    else:
        console().print(f"The key {key} ({revoked.label}) is revoked.", soft_wrap=True)


def list_keys(settings: Settings, *, as_json: bool) -> None:
    """List all keys.

    Raises:
        StoreProblem: if the store cannot be used.
    """
    with open_access(settings) as access:
        keys = list(_all(access.keys))
    if as_json:
        write_json({"items": [key_json(each) for each in keys]})
        return
    columns = (
        Column("key"),
        Column("tenant"),
        Column("for", share=2),
        Column("may", share=2),
        Column("state", share=2),
    )
    rows = [(each.id, each.tenant, each.label, _may(each), _state(each)) for each in keys]
    console().print(table(columns, rows))


def say_if_without_keys(settings: Settings) -> None:
    """Say how to make the first key, if there is none that opens anything."""
    with open_access(settings) as access:
        has_keys = access.keyring.has_keys()
    if not has_keys:
        complain(
            "There is no key yet, so every question is answered 401. Make the first one with: "
            f"onramp --data {settings.data} keys create --scope admin"
        )


def _all(keys: Keys) -> Iterator[Key]:
    after: str | None = None
    while found := keys.page(OPERATOR, after=after, limit=_PAGE):
        yield from found
        after = found[-1].id


def _show(issued: IssuedKey, settings: Settings, *, as_json: bool) -> None:
    if as_json:
        write_json(issued_json(issued))
        return
    # Alone on standard output, so that a script can take it from there.
    console().print(issued.secret, soft_wrap=True)
    if issued.key.kind is PrincipalKind.PUBLISHABLE:
        complain(_lines_to_paste(issued, settings))
    else:
        complain(_SHOWN_ONCE)


def _lines_to_paste(issued: IssuedKey, settings: Settings) -> str:
    hosts = (each.strip() for each in (settings.hosts or "").split(","))
    server = next((host for host in hosts if host and "*" not in host), _EXAMPLE)
    said = _FOR_PAGES.format(
        origins=" and ".join(issued.key.origins), server=server, key=issued.secret
    )
    if server == _EXAMPLE:
        return f"{said}\nwith the address of your server in the place of {_EXAMPLE}."
    return said


def _may(key: Key) -> str:
    if key.kind is PrincipalKind.PUBLISHABLE:
        return f"pages of {', '.join(key.origins)}"
    who = [f"as learner {key.learner}"] if key.learner else []
    who += [f"for {key.party}"] if key.party else []
    return ", ".join((*sorted(key.scopes), *who))


def _state(key: Key) -> str:
    now = datetime.now(UTC)
    if key.revoked is not None:
        return f"revoked {key.revoked:%Y-%m-%d}"
    if not key.is_live(now):
        return f"expired {key.expires:%Y-%m-%d}"
    used = f"used {key.last_used:%Y-%m-%d}" if key.last_used else "never used"
    return f"valid until {key.expires:%Y-%m-%d %H:%M}, {used}" if key.expires else f"valid, {used}"
