// SPDX-License-Identifier: Apache-2.0
#include "replace.h"

#include <unordered_map>
#include <vector>

namespace tare {
namespace {

class Walk {
 public:
  Walk(Context& context, Replacements& replacements) : context_(context), replacements_(replacements) {}

  const Module* Run(const Module& module) {
    if (!context_.Charge()) return nullptr;
    if (const auto found = known_.find(&module); found != known_.end()) return found->second;
    const Module* result = replacements_.Of(module);
    if (result == &module) result = WithOtherChildren(module);
    if (result != nullptr) known_.emplace(&module, result);
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
  std::unordered_map<const Module*, const Module*> known_;
};

}  // namespace

const Module* ReplaceModules(Context& context, const Module& root, Replacements& replacements) {
  return Walk(context, replacements).Run(root);
}

}  // namespace tare
