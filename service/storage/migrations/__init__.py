"""The steps that bring a store's tables from one version of Onramp to the next."""
