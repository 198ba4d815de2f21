"""What needs no model: likeness by characters (TF-IDF) and by words (BM25)."""

from collections.abc import Sequence
from typing import Final

import bm25s  # type: ignore[import-untyped]  # it ships none
import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import (  # type: ignore[import-untyped]  # it ships none
    TfidfVectorizer,
)

Similarities = NDArray[np.float32]

# Of 3-5 and 2-4 characters the stronger on job ads and on skills.
CHARACTERS: Final = (3, 5)


def tfidf(queries: Sequence[str], targets: Sequence[str]) -> Similarities:
    """Compare character n-grams inside words. Shape: ``(queries, targets)``; in [0, 1]."""
    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=CHARACTERS, sublinear_tf=True, dtype=np.float32
    )
    vectorizer.fit([*targets, *queries])
    similarities = vectorizer.transform(queries) @ vectorizer.transform(targets).T
    return np.asarray(similarities.toarray(), np.float32)


def bm25(queries: Sequence[str], targets: Sequence[str]) -> Similarities:
    """Compare words, with the defaults of ``bm25s``. Shape: ``(queries, targets)``; from 0."""
    index = bm25s.BM25()
    index.index(bm25s.tokenize(list(targets), show_progress=False), show_progress=False)
    words = bm25s.tokenize(list(queries), return_ids=False, show_progress=False)
    similarities = np.zeros((len(queries), len(targets)), np.float32)
    for row, each in enumerate(words):
        if each:  # a query may have stop words alone
            similarities[row] = index.get_scores(each)
    return similarities
