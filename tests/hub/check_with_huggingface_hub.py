# SPDX-License-Identifier: Apache-2.0
"""The fixture Hub must look like the Hub to the Hub's Python client too. Run by hand, with `huggingface_hub` installed:

    python tests/hub/check_with_huggingface_hub.py

It starts the fixture with node, points HF_ENDPOINT at it and prints one line for each thing checked.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
READER, MEMBER = "hf_fixture_reader", "hf_fixture_member"


def main() -> None:
    server = subprocess.Popen(["node", str(HERE / "serve.mjs")], stdout=subprocess.PIPE, text=True)
    try:
        endpoint = re.search(r"http://\S+?(?=,)", server.stdout.readline()).group()
        with tempfile.TemporaryDirectory() as cache:
            # huggingface_hub reads these when it is imported.
            os.environ.update(HF_ENDPOINT=endpoint, HF_HOME=cache, HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_OFFLINE="0")
            check()
    finally:
        server.terminate()


def check() -> None:
    from huggingface_hub import HfApi, errors, hf_hub_download

    api = HfApi(token=False)
    expect("a moved id", api.model_info("gpt2").id, "openai-community/gpt2")
    expect("sizes", {s.rfilename: s.size for s in api.model_info("google-bert/bert-base-cased", files_metadata=True).siblings}["model.safetensors"], 435755784)
    expect("expand", api.model_info("timm/resnet50.a1_in1k", expand=["library_name", "safetensors"]).library_name, "timm")
    expect("the tree, three pages", len(list(api.list_repo_tree("fixture/many-files", recursive=True))), 2500)
    expect("paths", [p.path for p in api.get_paths_info("fixture/sharded", ["config.json", "none"])], ["config.json"])
    expect("search", [m.id for m in api.list_models(search="bert-base", limit=5)][0], "google-bert/bert-base-cased")
    expect("a download", json.loads(Path(hf_hub_download("gpt2", "config.json", token=False)).read_text())["model_type"], "gpt2")
    expect("a large download", Path(hf_hub_download("fixture/single", "model.safetensors", token=False)).stat().st_size > 4104, True)
    expect("a revision", Path(hf_hub_download("gpt2", "config.json", revision="refs/pr/4", token=False)).exists(), True)
    expect("safetensors, one file", api.get_safetensors_metadata("fixture/single").parameter_count, {"F32": 1026})
    expect("safetensors, shards", api.get_safetensors_metadata("fixture/sharded").parameter_count, {"BF16": 4160})
    expect("gated, with access", hf_hub_download("meta-llama/Llama-3.1-8B", "config.json", token=MEMBER)[-11:], "config.json")
    expect("private, with access", api.model_info("fixture/private", token=MEMBER).private, True)
    for name, error, ask in [
        # The client takes a bare 401 for "not found" only over https, so it stays a plain error here.
        ("missing", errors.HfHubHTTPError, lambda: api.model_info("fixture/nothing")),
        ("missing, with a token", errors.RepositoryNotFoundError, lambda: api.model_info("fixture/nothing", token=READER)),
        ("a missing file", errors.EntryNotFoundError, lambda: hf_hub_download("gpt2", "none.txt", token=False)),
        ("a missing revision", errors.RevisionNotFoundError, lambda: api.model_info("gpt2", revision="v9")),
        ("gated", errors.GatedRepoError, lambda: hf_hub_download("meta-llama/Llama-3.1-8B", "config.json", token=False, cache_dir=tempfile.mkdtemp())),
        ("gated, without access", errors.GatedRepoError, lambda: hf_hub_download("meta-llama/Llama-3.1-8B", "config.json", token=READER, cache_dir=tempfile.mkdtemp())),
        ("disabled", errors.DisabledRepoError, lambda: api.model_info("fixture/disabled")),
        ("a wrong token", errors.HfHubHTTPError, lambda: api.model_info("gpt2", token="mistyped")),
        ("rate limited", errors.HfHubHTTPError, lambda: api.model_info("fixture/rate-limited")),
    ]:
        expect(name, isinstance(raised(ask), error), True)
    print(f"all as with the real Hub, for huggingface_hub {__import__('huggingface_hub').__version__}")


def raised(ask) -> Exception | None:
    try:
        ask()
    except Exception as error:  # what is raised is the thing to check
        return error
    return None


def expect(name: str, actual: object, wanted: object) -> None:
    print(f"{'ok' if actual == wanted else 'DIFFERENT'}: {name}: {actual}")
    if actual != wanted:
        sys.exit(f"expected {wanted}")


if __name__ == "__main__":
    main()
