#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fuzzes config and blueprint reading; what it finds stays in build/fuzz/found, its corpus in build/fuzz/corpus.
#   usage: tools/fuzz.sh SECONDS
set -euo pipefail
mkdir -p build/fuzz/corpus build/fuzz/found build/fuzz/committed
# The committed blueprints, each with the config that says least: what is changed in them should still be told from what is right.
for file in core/blueprints/transformers/*.json; do
  if (( $(stat -c %s "$file") < 60000 )); then
    name=$(basename "$file" .json)
    { printf '{"model_type":"%s"}\0[' "$name"; cat "$file"; printf ']\0{"tree":true,"tied":true}'; } > "build/fuzz/committed/$name"
  fi
done
exec build/fuzz/tests/fuzz/tare_fuzz -max_total_time="$1" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -verbosity=0 -print_final_stats=1 \
  -dict=tests/fuzz/tare.dict -artifact_prefix=build/fuzz/found/ build/fuzz/corpus tests/fuzz/seeds build/fuzz/committed
