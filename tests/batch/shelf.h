// SPDX-License-Identifier: Apache-2.0
// Blueprint files in a folder, read when an estimate asks for them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Answers estimates from a folder of blueprints.
class BlueprintFolder {
 public:
  /// `folder` holds transformers/, timm/ and, for timm, timm/index.json.
  explicit BlueprintFolder(std::string folder);

  /// Estimate, with as many blueprints as it asks for. A blueprint that does not exist: `unknown_model_type`.
  std::string Estimate(std::string_view config, std::string_view options);

 private:
  /// The text of a blueprint ("transformers/bert", "timm/resnet50"), empty if there is none.
  const std::string& Text(const std::string& name);

  std::string folder_;
  std::map<std::string, std::string, std::less<>> texts_;
  std::map<std::string, std::string, std::less<>> families_;  // architecture -> file, of timm
};
