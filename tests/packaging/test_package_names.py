"""The four package names are plain words, so nobody else in the environment may use them."""

from importlib.metadata import Distribution, distributions

PACKAGES = {"embeddings", "index", "service", "training"}


def top_level_names(distribution: Distribution) -> set[str]:
    return {file.parts[0].removesuffix(".py") for file in distribution.files or []}


def test_no_other_distribution_uses_our_package_names() -> None:
    rivals = {
        distribution.metadata["Name"]
        for distribution in distributions()
        if PACKAGES & top_level_names(distribution) and distribution.metadata["Name"] != "onramp"
    }

    assert rivals == set()


def test_every_installed_distribution_says_which_files_are_its_own() -> None:
    silent = {found.metadata["Name"] for found in distributions() if found.files is None}

    assert silent == set(), "these could hide a rival package"
