// SPDX-License-Identifier: Apache-2.0
// LoRA: a matrix of rank r beside each chosen linear layer, r * (in + out) trainable parameters. Modules are chosen by
// name as peft does (peft/tuners/tuners_utils.py, version 0.21.2): a target is a whole path or the end of one after a
// dot.
//
//   rank 16 on q_proj and v_proj of Llama-3.1-8B  ->  6,815,744 parameters in 64 modules
#pragma once

#include <string_view>
#include <vector>

#include "context.h"
#include "module_tree.h"
#include "options.h"

namespace tare {

struct LoraTarget {
  std::string_view target;
  int64_t modules = 0;
};

struct LoraCount {
  int64_t trainable_parameters = 0;
  std::vector<LoraTarget> matched;
};

/// Counts a plain LoRA on the model, as peft builds it without a task type. "all-linear" takes every linear layer but
/// the output embedding; a classifier is taken. False after `limit_exceeded`.
bool CountLora(Context& context, const Module& root, const LoraOptions& options, LoraCount* result);

}  // namespace tare
