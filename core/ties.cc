// SPDX-License-Identifier: Apache-2.0
// Tied tensors: the same weights under two names. A class lists them in `ties`; here each is counted once.
#include <algorithm>

#include "reader.h"
#include "size.h"

namespace tare {
namespace {

struct Tie {
  const Expression* when = nullptr;
  NameTemplate tensor, to;
  std::span<const Binding> repeat;
};

bool ReadTie(Context& context, const Value& value, Tie* tie) {
  const Object* object = nullptr;
  if (!ReadObject(context, "ties", value, &object)) return false;
  for (const auto& [key, part] : object->entries) {
    std::string_view path;
    bool good = true;
    if (key->text == "when")
      good = ReadExpression(context, part, &tie->when);
    else if (key->text == "tensor")
      good = ReadText(context, "ties", part, &path) && ParseTemplate(context, path, &tie->tensor);
    else if (key->text == "to")
      good = ReadText(context, "ties", part, &path) && ParseTemplate(context, path, &tie->to);
    else if (key->text == "repeat")
      good = ReadBindings(context, "ties", part, &tie->repeat);
    else
      good = BadBlueprint(context, key->text, "an unknown key of a tie");
    if (!good) return false;
  }
  return (!tie->tensor.texts.empty() && !tie->to.texts.empty()) ||
         BadBlueprint(context, "ties", "a tie names two tensors");
}

/// Sums the tensors that are another's under a second name.
class TiedBytes {
 public:
  explicit TiedBytes(Context& context) : context_(context) {}

  /// The ties of a model, and of the models that are its direct children.
  bool ApplyAll(const Module& root, const std::string& path) {
    for (const Value& value : root.model->ties) {
      Tie tie;
      root_ = &root;
      path_ = path;
      frame_.config = root.model->config;
      if (!ReadTie(context_, value, &tie) || !Apply(tie, tie.repeat)) return false;
    }
    for (const Child& child : root.children) {
      if (child.module->model == nullptr || child.shared) continue;
      if (!ApplyAll(*child.module, path + std::string(child.name) + ".")) return false;
    }
    return true;
  }

  int64_t eighths() const { return eighths_; }

 private:
  bool Apply(const Tie& tie, std::span<const Binding> loops) {
    if (!loops.empty()) return ApplyRounds(tie, loops);
    bool holds = true;
    if (tie.when != nullptr && !EvaluateCondition(context_, *tie.when, frame_, &holds)) return false;
    std::string_view tensor, to;
    if (!holds || !WriteName(context_, frame_, tie.tensor, 0, &tensor) || !WriteName(context_, frame_, tie.to, 0, &to))
      return !holds;
    const Found copy = FindTensor(*root_, tensor), original = FindTensor(*root_, to);
    if ((copy.tensor == nullptr && !copy.shared) || (original.tensor == nullptr && !original.shared)) {
      return context_.Fail(ErrorCode::kNotCovered, tensor,
                           {"The blueprint ties ", tensor, " to ", to, ", but one of them is not in this model."});
    }
    if (!copy.shared && !original.shared && !std::ranges::equal(copy.tensor->shape, original.tensor->shape)) {
      return context_.Fail(ErrorCode::kNotCovered, tensor,
                           {"The library ties ", tensor, " to ", to, ", but this config gives them different shapes."});
    }
    std::string whole = path_ + std::string(tensor);
    if (copy.shared || std::ranges::find(taken_, whole) != taken_.end()) return true;
    taken_.push_back(std::move(whole));
    eighths_ += copy.tensor->eighths;
    return true;
  }

  bool ApplyRounds(const Tie& tie, std::span<const Binding> loops) {
    Value count;
    if (!Evaluate(context_, *loops[0].expression, frame_, &count)) return false;
    if (!count.is_integral() || count.as_int() > kMaxRepeat)
      return BadBlueprint(context_, "ties", "a repeat is not a small number");
    frame_.slots.push_back({loops[0].name, Value()});
    for (int64_t i = 0; i < count.as_int(); ++i) {
      frame_.slots.back().value = Value::Int(i);
      if (!Apply(tie, loops.subspan(1))) return false;
    }
    frame_.slots.pop_back();
    return true;
  }

  Context& context_;
  const Module* root_ = nullptr;  // of the model whose ties are applied now,
  std::string path_;              // and where it stands
  Frame frame_;
  int64_t eighths_ = 0;
  std::vector<std::string> taken_;
};

}  // namespace

bool TiedTotal(Context& context, const Module& root, ByteCount* result) {
  TiedBytes tied(context);
  if (!tied.ApplyAll(root, "")) return false;
  *result = {root.totals.eighths - tied.eighths(), 0, root.totals.has_bool};
  return true;
}

}  // namespace tare
