"""The real run: published taxonomies and catalogs in, ten learners and five jobs answered."""
