"""How values stand in a snapshot: records and links as JSON, without the fields' names."""

import json

from service.domain.credential import Credential
from service.domain.ids import SkillId
from service.domain.record import Kind
from service.domain.skill import Skill, SkillLink
from service.indexing.shelf import Form
from service.storage.codec import canonical_body, decode
from service.storage.rows import link_row, links_by_id

_ONE = ""


def _encode_links(links: tuple[SkillLink, ...]) -> bytes:
    rows = [link_row(link) for link in links]
    return json.dumps(rows, separators=(",", ":"), ensure_ascii=False).encode()


def _decode_links(body: bytes) -> tuple[SkillLink, ...]:
    return tuple(links_by_id((_ONE, *row) for row in json.loads(body)).get(_ONE, ()))


def _encode_skills(skills: frozenset[SkillId]) -> bytes:
    return json.dumps(sorted(skills)).encode()


def _decode_skills(body: bytes) -> frozenset[SkillId]:
    return frozenset(json.loads(body))


LINKS: Form[tuple[SkillLink, ...]] = Form(_encode_links, _decode_links)
SKILLS: Form[frozenset[SkillId]] = Form(_encode_skills, _decode_skills)
CREDENTIAL: Form[Credential] = Form(canonical_body, lambda body: decode(Kind.CREDENTIAL, body))
SKILL: Form[Skill] = Form(canonical_body, lambda body: decode(Kind.SKILL, body))
