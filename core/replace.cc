// SPDX-License-Identifier: Apache-2.0
#include "replace.h"

#include <utility>
#include <vector>

namespace tare {
namespace {

class Walk {
 public:
  Walk(Context& context, Replacements& replacements) : context_(context), replacements_(replacements) {}

  const Module* Run(const Module& module) {
    if (!context_.ChargeSearch(known_.size())) return nullptr;
    for (const auto& [before, after] : known_) {
      if (before == &module) return after;
    }
    const Module* result = replacements_.Of(module);
    if (result == &module) result = WithOtherChildren(module);
    if (result != nullptr) known_.push_back({&module, result});
    return result;
  }

 private:
  const Module* WithOtherChildren(const Module& module) {
    Module* changed = context_.arena.New<Module>(module);
    std::vector<Child> children(module.children.begin(), module.children.end());
    changed->totals = Totals();
    changed->totals.has_ties = module.totals.has_ties;
    for (const Tensor& tensor : module.tensors) changed->totals.Add(TotalsOf(tensor));  // which it could before, too
    for (Child& child : children) {
      child.module = Run(*child.module);
      if (child.module == nullptr) return nullptr;
    }
    return SetChildren(context_, children, changed) ? changed : nullptr;
  }

  Context& context_;
  Replacements& replacements_;
  std::vector<std::pair<const Module*, const Module*>> known_;  // few: equal modules are one
};

}  // namespace

const Module* ReplaceModules(Context& context, const Module& root, Replacements& replacements) {
  return Walk(context, replacements).Run(root);
}

}  // namespace tare
