// SPDX-License-Identifier: Apache-2.0
#include "timm_call.h"

#include <algorithm>
#include <string>

#include "config.h"
#include "reader.h"

namespace tare {
namespace {

const Value* FindList(const Object& object, std::string_view key) {
  const Value* value = object.Find(key);
  return value != nullptr && value->is_list() ? value : nullptr;
}

/// The object among `groups` whose list under `key` holds `text`; null if there is none.
const Object* FindGroup(const Value* groups, std::string_view key, std::string_view text) {
  if (groups == nullptr || !groups->is_list()) return nullptr;
  for (const Value& group : groups->as_list()) {
    const Value* members = group.is_object() ? FindList(*group.as_object(), key) : nullptr;
    if (members == nullptr) continue;
    for (const Value& member : members->as_list()) {
      if (member.is_string() && member.as_string() == text) return group.as_object();
    }
  }
  return nullptr;
}

class Resolver {
 public:
  Resolver(Context& context, const Shelf& shelf, TimmCall* call) : context_(context), shelf_(shelf), call_(*call) {}

  bool Run(std::string_view name, std::span<const Entry> arguments) {
    const size_t dot = name.find('.');
    call_.architecture = name.substr(0, dot);
    if (!IsPlainName(call_.architecture)) return NotCovered({"It is no plain name of an architecture of timm."});
    blueprint_ = shelf_.FindArchitecture(call_.architecture);
    if (blueprint_ == nullptr) {
      return context_.Fail(ErrorCode::kNeedsBlueprint, "timm/" + std::string(call_.architecture),
                           {"The blueprint of ", call_.architecture, " is needed too."});
    }
    const std::string_view tag = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
    const Value* groups = blueprint_->weights == nullptr ? nullptr : blueprint_->weights->Find(call_.architecture);
    const Object* weights = FindGroup(groups, "tags", tag);
    if (weights == nullptr) return NotCovered({"What timm knows of the weights ", name, " is not described."});
    return TakeOutFeatures(arguments) && ResolveConfig(context_, shelf_, *blueprint_, *Given(*weights), &call_.config);
  }

 private:
  bool NotCovered(std::initializer_list<std::string_view> text) {
    return context_.Fail(ErrorCode::kNotCovered, call_.architecture, text);
  }

  /// Splits off what asks for features; the rest is for the model itself.
  bool TakeOutFeatures(std::span<const Entry> arguments) {
    const Value* wanted = nullptr;
    const Value* indices = nullptr;
    for (const Entry& argument : arguments) {
      if (argument.key->text == "features_only" && argument.value.is_bool()) wanted = &argument.value;
      if (argument.key->text == "out_indices") indices = &argument.value;
    }
    const bool features = wanted != nullptr && wanted->as_bool();
    for (const Entry& argument : arguments) {
      if (&argument.value != wanted && !(features && &argument.value == indices)) rest_.push_back(argument);
    }
    return !features || FindFeatures(indices);
  }

  bool FindFeatures(const Value* indices) {
    call_.features = FindGroup(blueprint_->features, "of", call_.architecture);
    if (call_.features == nullptr)
      return NotCovered({"Which modules of ", call_.architecture, " its features are is not described."});
    const Value* ends = FindList(*call_.features, "ends");
    if (indices == nullptr) indices = FindList(*call_.features, "default");
    if (ends == nullptr || indices == nullptr) return BadBlueprint(context_, "features", "a list is missing");
    if (!indices->is_list() || indices->as_list().empty()) return NotCovered({"The features are not given as a list."});
    const int64_t count = static_cast<int64_t>(ends->as_list().size());
    const Value* channels = FindList(*call_.features, "channels");
    if (channels != nullptr && channels->as_list().size() != ends->as_list().size())
      return BadBlueprint(context_, "features", "the channels are more or fewer than the ends");
    std::vector<Value> handed_out;
    for (const Value& index : indices->as_list()) {
      int64_t i = index.is_int() ? index.as_int() : -count - 1;
      if (i < 0 && i >= -count) i += count;
      if (i < 0 || i >= count)
        return NotCovered({call_.architecture, " has ", IntText(count), " features, and others are asked for."});
      const Value& end = ends->as_list()[static_cast<size_t>(i)];
      if (!end.is_int()) return BadBlueprint(context_, "features", "an end is no number");
      call_.modules = std::max(call_.modules, end.as_int());
      if (channels != nullptr) handed_out.push_back(channels->as_list()[static_cast<size_t>(i)]);
    }
    if (channels != nullptr) call_.channels = Value::List(context_.arena.Copy(handed_out));
    return true;
  }

  /// The config.json that would ask for the same model.
  const Object* Given(const Object& weights) {
    ObjectBuilder described(context_);
    for (const Entry& entry : weights.entries) {
      if (entry.key->text != "tags") described.Set(entry.key, entry.value);
    }
    const Object* pretrained = described.Finish();
    const Object* arguments = context_.MakeObject(rest_);
    ObjectBuilder given(context_);
    given.Set(context_.Intern("architecture"), Value::String(call_.architecture));
    given.Set(context_.Intern("pretrained_cfg"), Value::Of(pretrained));
    given.Set(context_.Intern("model_args"), Value::Of(arguments));
    return given.Finish();
  }

  Context& context_;
  const Shelf& shelf_;
  TimmCall& call_;
  Blueprint* blueprint_ = nullptr;
  std::vector<Entry> rest_;
};

/// The child at a path; null where the blueprint has none, because it is a module without tensors.
const Child* FindChild(const Module& root, std::string_view path) {
  const size_t dot = path.find('.');
  for (const Child& child : root.children) {
    if (child.name != path.substr(0, dot)) continue;
    return dot == std::string_view::npos ? &child : FindChild(*child.module, path.substr(dot + 1));
  }
  return nullptr;
}

/// The arguments of timm.create_model; it takes a null for none.
bool ReadArguments(Context& context, const Node& node, Frame& frame, std::vector<Entry>* arguments) {
  const auto add = [&](const Name* key, const Value& value) {
    if (!context.ChargeSearch(arguments->size())) return false;
    if (std::ranges::find(*arguments, key, &Entry::key) != arguments->end()) {
      return context.Fail(ErrorCode::kRefused, NameToBlame(*node.more),
                          {"The argument ", key->text, " is given to timm already."});
    }
    arguments->push_back({key, value});
    return true;
  };
  for (const Binding& argument : node.arguments) {
    Value value;
    if (!Evaluate(context, *argument.expression, frame, &value) || !add(argument.name, value)) return false;
  }
  Value more;
  if (node.more != nullptr && !Evaluate(context, *node.more, frame, &more)) return false;
  if (more.is_object()) {
    for (const Entry& entry : more.as_object()->entries) {
      if (!add(entry.key, entry.value)) return false;
    }
  } else if (!more.is_null()) {
    const std::string where = NameToBlame(*node.more);
    return context.Fail(ErrorCode::kInvalidConfig, where, {where, " is no object, but arguments are needed."});
  }
  std::erase_if(*arguments, [](const Entry& argument) { return argument.value.is_null(); });
  return true;
}

}  // namespace

bool ResolveTimmCall(Context& context, const Shelf& shelf, const Node& node, Frame& frame, TimmCall* result) {
  Value name;
  std::vector<Entry> arguments;
  if (!Evaluate(context, *node.timm, frame, &name)) return false;
  if (!name.is_string()) {
    const std::string where = NameToBlame(*node.timm);
    return context.Fail(ErrorCode::kInvalidConfig, where, {where, " does not name an architecture of timm."});
  }
  return ReadArguments(context, node, frame, &arguments) &&
         Resolver(context, shelf, result).Run(name.as_string(), arguments);
}

const Module* TakeFeatures(Context& context, const Module& whole, const TimmCall& call) {
  Module* module = context.arena.New<Module>();
  const Value* class_name = call.features->Find("class");
  const Value* paths = FindList(*call.features, "children");
  if (class_name == nullptr || paths == nullptr || !ReadText(context, "class", *class_name, &module->class_name)) {
    BadBlueprint(context, "features", "a class or its children are missing");
    return nullptr;
  }
  std::vector<Child> children;
  int64_t left = call.modules;
  for (const Value& path : paths->as_list()) {
    if (left-- <= 0) break;
    std::string_view text;
    if (!ReadText(context, "features", path, &text)) return nullptr;
    const Child* found = FindChild(whole, text);
    if (found == nullptr) continue;
    std::string name(text);
    std::ranges::replace(name, '.', '_');
    children.push_back({context.arena.Copy(name), found->module, found->shared});
  }
  return SetChildren(context, children, module) ? module : nullptr;
}

}  // namespace tare
