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
    if (!context_.Charge(1 + static_cast<int64_t>(known_.size()) / 8)) return nullptr;
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
    bool fits = true;
    for (const Tensor& tensor : module.tensors) fits = changed->totals.Add(TotalsOf(tensor)) && fits;
    for (Child& child : children) {
      child.module = Run(*child.module);
      if (child.module == nullptr) return nullptr;
      fits = (child.shared || changed->totals.Add(child.module->totals)) && fits;
    }
    changed->children = context_.arena.Copy(children);
    if (fits) return changed;
    context_.Fail(ErrorCode::kLimitExceeded, module.class_name,
                  {"The model has more modules or bytes than can be counted."});
    return nullptr;
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
