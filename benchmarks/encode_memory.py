"""Memory of an encoder once it has encoded the benchmark's texts: ours, or the peer's."""

import argparse
import json

from benchmarks.encode import CORES, PEER_BATCH, make_texts
from benchmarks.memory import peak_mb
from embeddings import load_encoder


def main() -> None:
    """Encode in this process alone, and print the most memory that it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encode_memory", description=__doc__)
    parser.add_argument("which", choices=("ours", "peer"))
    texts = make_texts()
    if parser.parse_args().which == "ours":
        load_encoder(threads=CORES).encode(texts)
    else:
        _encode_with_peer(texts)
    print(json.dumps({"peak_mb": peak_mb()}))
