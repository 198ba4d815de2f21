"""Real texts of the field, titles, tasks, skills and courses, as the shipped encoder sees them."""

import csv
import gzip
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np

from embeddings import load_encoder
from index import Vectors

# Where texts stand: the file under the research data, and the column.
SOURCES = (
    ("onet/alternate_titles.tsv.gz", "Alternate Title"),
    ("onet/task_statements.tsv.gz", "Task"),
    ("onet/dwa_reference.tsv.gz", "DWA Title"),
    ("esco/skills_en_assembled.tsv.gz", "preferredLabel"),
    ("coursera-skills/credentials.tsv.gz", "title"),
    ("edx-udacity-courses/edx_720.tsv.gz", "Course Name"),
    ("edx-udacity-courses/udacity_263.tsv.gz", "Course Name"),
    ("ibm-skillsnetwork-courses/course_processed.tsv.gz", "TITLE"),
)
# So many are encoded between two words of progress.
_CHUNK = 2_000


def real_texts(data: Path) -> list[str]:
    """Return the different texts of the research data, in the order of their files."""
    return list(
        dict.fromkeys(text for file, column in SOURCES for text in _column(data / file, column))
    )


def real_vectors(data: Path, cache: Path, *, tell: Callable[[str], None]) -> Vectors:
    """Return the vectors of the real texts, from the cache if it holds these texts.

    Shape: ``(texts, dim)``, unit length. Encoding takes some eight minutes on two cores.
    """
    texts = real_texts(data)
    encoder = load_encoder()
    key = sha256("\n".join([encoder.model_hash, *texts]).encode()).hexdigest()[:16]
    path = cache / f"real-{key}.npy"
    if not path.exists():
        parts = []
        for start in range(0, len(texts), _CHUNK):
            tell(f"encoding {len(texts):,} real texts: {start / len(texts):.0%}")
            parts.append(encoder.encode(texts[start : start + _CHUNK]))
        cache.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npy")
        np.save(partial, np.concatenate(parts))
        partial.replace(path)
    vectors: Vectors = np.load(path)
    return vectors


def _column(path: Path, column: str) -> Iterator[str]:
    csv.field_size_limit(sys.maxsize)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if text := (row[column] or "").strip():
                yield text
