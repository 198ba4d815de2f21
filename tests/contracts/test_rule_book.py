"""Every rule book must pass these: what is kept, changed and removed."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.domain.credit import Organization, RuleKind
from service.domain.ids import DEFAULT_TENANT, TenantId
from service.errors import DamagedStore, InvalidRecord
from service.matching.credit_ports import KeptRule, RuleBook, StoredRule
from service.storage import STORE_FILE, SqliteStore
from tests.builders.credit import a_policy, an_agreement
from tests.builders.memory_rules import MemoryRuleBook

HERE = DEFAULT_TENANT
THERE = TenantId("another")


@pytest.fixture(params=["sqlite", "memory"])
def rules(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RuleBook]:
    if request.param == "memory":
        yield MemoryRuleBook()
        return
    with SqliteStore.open(tmp_path, create=True) as store:
        yield store.rule_book


def test_what_was_put_comes_back_as_it_was(rules: RuleBook) -> None:
    policy, agreement = a_policy(), an_agreement()

    kept = rules.put(HERE, [policy, agreement])

    assert kept == [KeptRule(1, created=True, changed=True)] * 2
    assert rules.find(HERE, RuleKind.POLICY, policy.id) == StoredRule(policy, 1)
    assert rules.find(HERE, RuleKind.AGREEMENT, agreement.id) == StoredRule(agreement, 1)
    assert rules.find(HERE, RuleKind.AGREEMENT, policy.id) is None


def test_the_same_again_changes_nothing_and_another_adds_a_revision(rules: RuleBook) -> None:
    policy = a_policy()
    other = replace(policy, validity_years=10)

    kept = rules.put(HERE, [policy, policy, other])

    assert kept == [
        KeptRule(1, created=True, changed=True),
        KeptRule(1, created=False, changed=False),
        KeptRule(2, created=False, changed=True),
    ]
    assert rules.find(HERE, RuleKind.POLICY, policy.id) == StoredRule(other, 2)


def test_a_rule_that_was_removed_and_comes_back_goes_on_with_its_revisions(
    rules: RuleBook,
) -> None:
    policy = a_policy()
    rules.put(HERE, [policy])

    assert rules.delete(HERE, RuleKind.POLICY, policy.id)
    assert not rules.delete(HERE, RuleKind.POLICY, policy.id)
    assert not rules.delete(HERE, RuleKind.POLICY, "never-there")
    assert rules.find(HERE, RuleKind.POLICY, policy.id) is None
    assert rules.all(HERE, RuleKind.POLICY) == []
    assert rules.put(HERE, [policy]) == [KeptRule(3, created=True, changed=True)]


def test_all_of_a_kind_come_by_id_and_only_those_of_the_tenant(rules: RuleBook) -> None:
    first, second = an_agreement(id="a-1"), an_agreement(id="a-2")
    rules.put(HERE, [second, first, a_policy()])
    rules.put(THERE, [an_agreement(id="a-0")])

    found = [stored.rule for stored in rules.all(HERE, RuleKind.AGREEMENT)]

    assert found == [first, second]
    assert rules.find(THERE, RuleKind.AGREEMENT, "a-1") is None
    assert not rules.delete(THERE, RuleKind.AGREEMENT, "a-1")


def test_a_text_that_cannot_be_kept_keeps_the_whole_group_out(tmp_path: Path) -> None:
    broken = a_policy(institution=Organization(name="half \ud800"))

    with SqliteStore.open(tmp_path, create=True) as store:
        with pytest.raises(InvalidRecord, match="half a character"):
            store.rule_book.put(HERE, [an_agreement(), broken])

        assert store.rule_book.all(HERE, RuleKind.AGREEMENT) == []


def test_a_rule_that_cannot_be_read_is_told_as_damage(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path, create=True) as store:
        store.rule_book.put(HERE, [a_policy()])
        behind = sqlite3.connect(tmp_path / STORE_FILE)
        behind.execute("UPDATE credit_rules SET body = '{}'")
        behind.commit()
        behind.close()

        with pytest.raises(DamagedStore, match="holds a credit policy that cannot be read"):
            store.rule_book.all(HERE, RuleKind.POLICY)
