// SPDX-License-Identifier: Apache-2.0
#include "size.h"

#include <algorithm>

namespace tare {
namespace {

/// Finds the greatest size first, then walks only to where it occurs. Modules that stand under many names are asked
/// once.
class LayerSearch {
 public:
  LayerSearch(Context& context, const Module& root) : context_(context), root_(root), no_split_(root.model->no_split) {}

  bool Run(LargestLayer* result) {
    for (const Tensor& tensor : root_.tensors) greatest_ = std::max(greatest_, tensor.eighths);
    for (const Child& child : root_.children) greatest_ = std::max(greatest_, Greatest(child));
    result_ = result;
    std::string path;
    // accelerate's list: the root's own parameters, its children, its own buffers.
    return CollectTensors(false) && CollectChildren(root_, path) && CollectTensors(true);
  }

 private:
  struct Known {
    const Module* module;
    int64_t greatest;
  };

  bool IsLayer(const Module& module) const {
    return module.children.empty() || std::ranges::find(no_split_, module.class_name) != no_split_.end();
  }

  int64_t Greatest(const Child& child) {
    if (child.shared) return 0;
    const Module& module = *child.module;
    if (IsLayer(module)) return module.totals.eighths;
    if (last_.module == &module) return last_.greatest;  // equal neighbours
    int64_t greatest = 0;
    for (const Child& below : module.children) greatest = std::max(greatest, Greatest(below));
    last_ = {&module, greatest};
    return greatest;
  }

  bool AddName(std::string name, int64_t eighths, bool has_bool) {
    if (result_->names.empty()) result_->bytes = {eighths, 0, has_bool};
    if (result_->names.size() >= static_cast<size_t>(kMaxNames) || !context_.ChargeSearch(name.size())) {
      return context_.Fail(ErrorCode::kLimitExceeded, name,
                           {"More than ", IntText(kMaxNames), " layers are equally large."});
    }
    result_->names.push_back(std::move(name));
    return true;
  }

  bool CollectTensors(bool buffers) {
    for (const Tensor& tensor : root_.tensors) {
      if (tensor.buffer != buffers || tensor.eighths != greatest_) continue;
      if (!AddName(std::string(tensor.name), tensor.eighths, tensor.dtype == "bool")) return false;
    }
    return true;
  }

  bool CollectChildren(const Module& module, std::string& path) {
    const size_t length = path.size();
    for (const Child& child : module.children) {
      if (Greatest(child) != greatest_) continue;
      if (length != 0) path += '.';
      path += child.name;
      const bool layer = child.shared || IsLayer(*child.module);
      const bool good =
          layer ? AddName(path, greatest_, child.module->totals.has_bool) : CollectChildren(*child.module, path);
      if (!good) return false;
      path.resize(length);
    }
    return true;
  }

  Context& context_;
  const Module& root_;
  const std::span<const std::string_view> no_split_;
  int64_t greatest_ = 0;
  Known last_{};
  LargestLayer* result_ = nullptr;
};

}  // namespace

bool FindLargestLayer(Context& context, const Module& root, LargestLayer* result) {
  return LayerSearch(context, root).Run(result);
}

std::array<Row, kRows> MakeRows(const ByteCount& total, const ByteCount& largest) {
  constexpr std::string_view kDtypes[kRows] = {"float32", "float16", "int8", "int4"};
  std::array<Row, kRows> rows;
  for (int i = 0; i < static_cast<int>(kRows); ++i) {
    const auto halved = [i](const ByteCount& bytes) { return ByteCount{bytes.eighths, i, bytes.fractional || i > 0}; };
    const ByteCount training{total.eighths * (i == 0 ? 4 : 2), 0, total.fractional};
    rows[static_cast<size_t>(i)] = {kDtypes[i], halved(largest), halved(total), i < 2, training};
  }
  return rows;
}

ByteCount TotalBytes(const Totals& totals) { return {totals.eighths, 0, totals.has_bool}; }

}  // namespace tare
