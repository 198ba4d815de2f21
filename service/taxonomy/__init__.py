"""ESCO's skills and O*NET's occupations as they ship: data files made by `scripts.build_taxonomy`."""
