// SPDX-License-Identifier: Apache-2.0
#include "module_tree.h"

#include <algorithm>

#include "context.h"

namespace tare {
namespace {

// 2^56 bytes in eighths: four times that, the training column, still has room in 64 bits.
constexpr int64_t kMaxEighths = int64_t{1} << 59;

}  // namespace

bool Totals::Add(const Totals& other) {
  // No sum is above 2^59 before, so none overflows here.
  eighths += other.eighths;
  buffer_eighths += other.buffer_eighths;
  parameters += other.parameters;
  modules += other.modules;
  has_bool |= other.has_bool;
  return eighths <= kMaxEighths && parameters <= kMaxEighths && modules <= kMaxModules;
}

Found FindTensor(const Module& root, std::string_view path) {
  Found found;
  const Module* module = &root;
  for (size_t dot; (dot = path.find('.')) != std::string_view::npos; path.remove_prefix(dot + 1)) {
    const auto child = std::ranges::find(module->children, path.substr(0, dot), &Child::name);
    if (child == module->children.end()) return {};
    if (child->shared) return {nullptr, true};
    module = child->module;
  }
  const auto tensor = std::ranges::find(module->tensors, path, &Tensor::name);
  if (tensor != module->tensors.end()) found.tensor = &*tensor;
  return found;
}

bool SameModule(const Module& a, const Module& b) {
  if (&a == &b) return true;
  const auto same_tensor = [](const Tensor& x, const Tensor& y) {
    return x.name == y.name && x.dtype == y.dtype && x.buffer == y.buffer && std::ranges::equal(x.shape, y.shape);
  };
  const auto same_child = [](const Child& x, const Child& y) {
    return x.name == y.name && x.shared == y.shared && SameModule(*x.module, *y.module);
  };
  return a.class_name == b.class_name && a.totals.eighths == b.totals.eighths &&
         std::ranges::equal(a.tensors, b.tensors, same_tensor) &&
         std::ranges::equal(a.children, b.children, same_child);
}

}  // namespace tare
