// SPDX-License-Identifier: Apache-2.0
#include "module_tree.h"

#include <algorithm>

namespace tare {
namespace {

// 2^56 bytes in eighths: four times that, the training column, still has room in 64 bits.
constexpr int64_t kMaxEighths = int64_t{1} << 59;

}  // namespace

Totals TotalsOf(const Tensor& tensor) {
  return {tensor.eighths, tensor.buffer ? tensor.eighths : 0, tensor.buffer ? 0 : tensor.elements, 0,
          tensor.dtype == "bool"};
}

bool Totals::Add(const Totals& other) {
  // No sum is above 2^59 before, so none overflows here.
  eighths += other.eighths;
  buffer_eighths += other.buffer_eighths;
  parameters += other.parameters;
  modules += other.modules;
  has_bool |= other.has_bool;
  has_ties |= other.has_ties;
  return eighths <= kMaxEighths && parameters <= kMaxEighths && modules <= kMaxModules;
}

bool Totals::Change(const Totals& before, const Totals& after) {
  eighths += after.eighths - before.eighths;
  buffer_eighths += after.buffer_eighths - before.buffer_eighths;
  parameters += after.parameters - before.parameters;
  return eighths <= kMaxEighths && parameters <= kMaxEighths;
}

bool FindTensor(Context& context, const Module& root, std::string_view path, Found* result) {
  *result = {};
  const Module* module = &root;
  for (size_t dot; (dot = path.find('.')) != std::string_view::npos; path.remove_prefix(dot + 1)) {
    if (!context.ChargeSearch(module->children.size())) return false;
    const auto child = std::ranges::find(module->children, path.substr(0, dot), &Child::name);
    if (child == module->children.end()) return true;
    result->shared = child->shared;
    if (child->shared) return true;
    module = child->module;
  }
  result->module = module;
  const auto tensor = std::ranges::find(module->tensors, path, &Tensor::name);
  if (tensor != module->tensors.end()) result->tensor = &*tensor;
  return context.ChargeSearch(module->tensors.size());
}

const Module* WithTensor(Context& context, const Module& root, std::string_view path, const Tensor& tensor) {
  if (!context.Charge(static_cast<int64_t>(root.children.size() + root.tensors.size()))) return nullptr;
  Module* changed = context.arena.New<Module>(root);
  const size_t dot = path.find('.');
  bool fits = true;
  if (dot == std::string_view::npos) {
    std::vector<Tensor> tensors(root.tensors.begin(), root.tensors.end());
    Tensor& replaced = *std::ranges::find(tensors, path, &Tensor::name);
    fits = changed->totals.Change(TotalsOf(replaced), TotalsOf(tensor));
    replaced = tensor;
    changed->tensors = context.arena.Copy(tensors);
  } else {
    std::vector<Child> children(root.children.begin(), root.children.end());
    Child& child = *std::ranges::find(children, path.substr(0, dot), &Child::name);
    const Module* module = WithTensor(context, *child.module, path.substr(dot + 1), tensor);
    if (module == nullptr) return nullptr;
    fits = changed->totals.Change(child.module->totals, module->totals);
    child.module = module;
    changed->children = context.arena.Copy(children);
  }
  if (fits) return changed;
  context.Fail(ErrorCode::kLimitExceeded, tensor.name,
               {"The model has more bytes than can be counted, at ", tensor.name, "."});
  return nullptr;
}

bool SetChildren(Context& context, std::span<const Child> children, Module* module) {
  module->children = context.arena.Copy(children);
  for (const Child& child : children) {
    Totals added;
    added.modules = child.module->totals.modules;
    if (!module->totals.Add(child.shared ? added : child.module->totals)) {
      return context.Fail(ErrorCode::kLimitExceeded, child.name,
                          {"The model has more modules or bytes than can be counted."});
    }
  }
  return true;
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
