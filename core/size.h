// SPDX-License-Identifier: Apache-2.0
// The sizes of `accelerate estimate-memory`: the total, the largest layer with its names, and a row per dtype.
// A layer is a module without children, or of a class that is never split, or a tensor of the root itself
// (accelerate/utils/modeling.py, get_max_layer_size, version 1.15.0).
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "context.h"
#include "module_tree.h"
#include "text.h"

namespace tare {

struct LargestLayer {
  ByteCount bytes;
  std::vector<std::string> names;  // all layers of that size, in the order of the tree
};

/// False after `limit_exceeded` (more than kMaxNames layers are equally large).
bool FindLargestLayer(Context& context, const Module& root, LargestLayer* result);

struct Row {
  std::string_view dtype;
  ByteCount largest, total;
  bool trained;
  ByteCount training;  // peak with Adam, if trained in this dtype
};

inline constexpr size_t kRows = 4;

/// float32, float16, int8, int4: the whole divided by 1, 2, 4, 8. Training in float32 takes four times the model (its
/// weights, gradients and two Adam moments), in float16 twice.
std::array<Row, kRows> MakeRows(const ByteCount& total, const ByteCount& largest);

/// What the model's totals are, as a count of bytes.
ByteCount TotalBytes(const Totals& totals);

}  // namespace tare
