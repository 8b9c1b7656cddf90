// SPDX-License-Identifier: Apache-2.0
// What is asked about a model: the Options of wasm/types.ts.
#pragma once

#include <string_view>
#include <vector>

#include "context.h"
#include "value.h"

namespace tare {

struct LoraOptions {
  int64_t rank = 0;
  bool all_linear = false;
  std::vector<std::string_view> targets;  // where not all_linear
};

struct Gpu {
  std::string_view name;
  int64_t bytes = 0;
};

struct FitOptions {
  std::vector<Gpu> gpus;
  int64_t count = 1;
  int64_t reserve_bytes = 0;  // on each card
  double overhead = 0;
  double trainable_share = 0;  // 0: not given
};

struct Options {
  std::string_view library;  // empty: found from the config
  std::string_view model_class = "accelerate";
  bool tied = false;
  bool tree = false;
  bool has_lora = false;
  LoraOptions lora;
  bool has_fit = false;
  FitOptions fit;
};

/// False after `invalid_config`; `where` is the option ("options.lora.rank"). Unknown options are errors.
bool ReadOptions(Context& context, const Value& value, Options* result);

}  // namespace tare
