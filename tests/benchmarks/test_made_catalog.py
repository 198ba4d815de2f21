"""The made catalog: the same each time, and no text of it told twice."""

from benchmarks.catalog import CREDENTIALS, make_catalog, statements


def test_the_catalog_is_the_same_each_time() -> None:
    assert make_catalog(30) == make_catalog(30)


def test_every_credential_has_statements_of_its_own() -> None:
    catalog = make_catalog()

    told = statements(catalog)

    assert len(catalog) == len({credential.id for credential in catalog}) == CREDENTIALS
    assert len(set(told)) == len(told) > 3 * CREDENTIALS


def test_some_of_the_credentials_state_skills_and_some_do_not() -> None:
    catalog = make_catalog(60)

    stating = [credential for credential in catalog if credential.skills]
    assert len(stating) == 20
