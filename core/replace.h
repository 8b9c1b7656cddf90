// SPDX-License-Identifier: Apache-2.0
// A tree with other modules in the place of some of its own.
#pragma once

#include "context.h"
#include "module_tree.h"

namespace tare {

/// What stands in the place of modules.
class Replacements {
 public:
  /// The module itself if it stays; null after an error.
  virtual const Module* Of(const Module& module) = 0;

 protected:
  ~Replacements() = default;
};

/// The tree with the replacements of its modules, from the root down; what is in a replaced module goes with it.
/// Modules that are one stay one. Null after an error.
const Module* ReplaceModules(Context& context, const Module& root, Replacements& replacements);

}  // namespace tare
