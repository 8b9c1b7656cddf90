// SPDX-License-Identifier: Apache-2.0
// The tree of a model's modules with their tensors. Equal modules are one Module that stands under many names, so a
// model of 80 equal layers is held - and counted - as one layer.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "blueprint.h"
#include "context.h"

namespace tare {

struct Tensor {
  std::string_view name;
  bool buffer;
  bool persistent;
  std::string_view dtype;
  int64_t eighths;  // of a byte, all elements together: a bool weighs 1/8 byte under accelerate's rule
  int64_t elements;
  std::span<const int64_t> shape;
  std::span<const Expression* const> formula;  // of the shape
};

/// Sums over a module and all below it.
struct Totals {
  int64_t eighths = 0;
  int64_t buffer_eighths = 0;
  int64_t parameters = 0;
  int64_t modules = 1;
  bool has_bool = false;  // accelerate's sum is a float then, and prints as one
  bool has_ties = false;  // a model in it, or it itself, lists any

  /// False if a sum leaves what can be counted (2^56 bytes, kMaxModules modules); nothing may be added then.
  bool Add(const Totals& other);
  /// The same for sums in which the totals of a part are now others; has_bool stays as it is.
  bool Change(const Totals& before, const Totals& after);
};

/// Of one tensor alone, without a module.
Totals TotalsOf(const Tensor& tensor);

/// What a whole model adds to its root module.
struct ModelInfo {
  std::span<const std::string_view> no_split;
  std::span<const Value> ties;
  const Object* config;
};

struct Child {
  std::string_view name;
  const Module* module;
  bool shared;  // the module stands elsewhere too and is counted there
};

struct Module {
  std::string_view class_name;
  std::span<const Tensor> tensors;  // parameters, then buffers
  std::span<const Child> children;
  Totals totals;
  const ModelInfo* model = nullptr;  // of the root of a whole model
};

/// Where a path such as "encoder.layer.0.weight" ends.
struct Found {
  const Tensor* tensor = nullptr;  // null: there is no such tensor
  const Module* module = nullptr;  // that holds it, or would; null: there is no such module
  bool shared = false;             // on its way stands a module that is counted elsewhere
};
bool FindTensor(Context& context, const Module& root, std::string_view path, Found* result);

/// The tree with this tensor in the place of the one at `path`, of the same kind, which is there; what stands beside
/// the path is not copied. Null after an error.
const Module* WithTensor(Context& context, const Module& root, std::string_view path, const Tensor& tensor);

/// Gives a module its children and adds what they weigh to its totals; false after `limit_exceeded`. A child that is
/// counted elsewhere weighs nothing, but the tree shows its modules once more.
bool SetChildren(Context& context, std::span<const Child> children, Module* module);

/// Same class, tensors and children: equal neighbours are shown as one run.
bool SameModule(const Module& a, const Module& b);

}  // namespace tare
