"""The command line: what people and programs ask of Onramp without HTTP (docs/cli.md)."""
