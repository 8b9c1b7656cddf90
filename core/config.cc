// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <algorithm>

#include "common_keys.h"
#include "field_type.h"
#include "layer_overrides.h"
#include "rope.h"

namespace tare {
namespace {

class Resolver {
 public:
  /// told: what of the given keys a file says; the others are defaults of a config around this one.
  Resolver(Context& context, const Shelf& shelf, Blueprint& blueprint, const Object& given, const Object& told,
           int depth)
      : context_(context), shelf_(shelf), blueprint_(blueprint), given_(given), told_(told), depth_(depth) {}

  bool Run(const Object** result) {
    if (depth_ > kMaxConfigDepth)
      return context_.Fail(ErrorCode::kLimitExceeded, "config", {"Configs are nested too deep."});
    stage_ = OpenConfig(context_, blueprint_);
    if (stage_ == nullptr || !CheckTypes()) return false;
    if (blueprint_.library == "transformers" && !CheckCommonKeys(context_, given_)) return false;
    ObjectBuilder inputs(context_);
    if (stage_->defaults != nullptr) inputs.SetAll(*stage_->defaults);
    inputs.SetAll(given_);
    inputs_ = inputs.Finish(&given_);
    frame_.config = inputs_;
    frame_.slots.push_back({context_.Intern("config_json"), Value::Of(&given_)});
    frame_.slots.push_back({context_.Intern("nested"), Value::Bool(depth_ > 0)});
    return ResolveSubConfigs() && EnterDerivedScope() && CheckConditions() && Derive() && Combine(result) &&
           CheckRotatedHeads(context_, **result) && CheckLayerOverrides(context_, given_, **result, stage_->per_layer);
  }

 private:
  bool CheckTypes() {
    for (const TypeRule& rule : stage_->types) {
      const Value* value = told_.Find(rule.key);
      if (value != nullptr && !CheckFieldType(context_, rule.key->text, rule.type, *value)) return false;
    }
    return true;
  }

  bool CheckConditions() {
    for (const Refusal& refusal : stage_->refuses) {
      bool refused = false;
      if (!EvaluateCondition(context_, *refusal.when, frame_, &refused)) return false;
      if (refused) return context_.Fail(ErrorCode::kRefused, NameToBlame(*refusal.when), {refusal.text});
    }
    return CheckRope(context_, *inputs_, stage_->rope) && CheckAssumptions(context_, stage_->assumes, frame_);
  }

  /// From here on the names of nested configs mean the resolved ones, with what the parent sets on them.
  bool EnterDerivedScope() {
    if (nested_.empty()) return true;
    frame_.config = WithNested();
    for (size_t i = 0; i < nested_.size(); ++i) {
      const SubConfig& sub = stage_->sub_configs[i];
      if (!nested_[i].value.is_object() || sub.then.empty()) continue;
      std::vector<Entry> then;
      if (!EvaluateAll(sub.then, &then)) return false;
      const Object* resolved = nested_[i].value.as_object();
      ObjectBuilder finished(context_);
      finished.SetAll(*resolved);
      SetPlain(then, &finished);
      nested_[i].value = Value::Of(SetPaths(finished.Finish(resolved->given, resolved->blueprint), then));
    }
    frame_.config = WithNested();
    return true;
  }

  const Object* WithNested() {
    ObjectBuilder scope(context_);
    scope.SetAll(*inputs_);
    for (const Entry& entry : nested_) scope.Set(entry.key, entry.value);
    return scope.Finish(&given_);
  }

  bool Derive() { return EvaluateAll(stage_->derived, &derived_); }

  bool ResolveSubConfigs() {
    for (const SubConfig& sub : stage_->sub_configs) {
      bool wanted = true;
      if (sub.when != nullptr && !EvaluateCondition(context_, *sub.when, frame_, &wanted)) return false;
      const Object* nested = nullptr;
      if (wanted && !ResolveSubConfig(sub, &nested)) return false;
      nested_.push_back({sub.key, wanted ? Value::Of(nested) : Value()});
    }
    return true;
  }

  bool EvaluateAll(std::span<const Binding> bindings, std::vector<Entry>* entries) {
    for (const Binding& binding : bindings) {
      Value value;
      const bool known = Evaluate(context_, *binding.expression, frame_, &value);
      if (!known && !IsLacking(*binding.name)) return false;
      if (!known) context_.ClearError();  // for those to say who read it
      entries->push_back({binding.name, value});
    }
    return true;
  }

  /// Whether evaluation failed because an object of the file has nothing at this very path.
  bool IsLacking(const Name& path) const {
    return IsPath(path) && context_.error().code == ErrorCode::kInvalidConfig && context_.error().where == path.text;
  }

  bool ResolveSubConfig(const SubConfig& sub, const Object** result) {
    const std::string_view key = sub.key->text;
    Value model_type, from;
    if (!Evaluate(context_, *sub.model_type, frame_, &model_type) || !Evaluate(context_, *sub.from, frame_, &from))
      return false;
    if (!model_type.is_string() || !IsPlainName(model_type.as_string())) {
      return context_.Fail(ErrorCode::kInvalidConfig, std::string(key) + ".model_type",
                           {"The model type of ", key, " is not a name."});
    }
    if (!from.is_object() && !from.is_null()) {
      return context_.Fail(ErrorCode::kInvalidConfig, key,
                           {key, " is ", KindName(from.kind()), ", but an object is needed."});
    }
    Blueprint* blueprint = shelf_.FindModelType(model_type.as_string());
    if (blueprint == nullptr) {
      return context_.Fail(ErrorCode::kNeedsBlueprint, "transformers/" + std::string(model_type.as_string()),
                           {"The blueprint of ", key, " is needed too."});
    }
    ObjectBuilder given_keys(context_);
    const Value* own = inputs_->Find(key);
    const bool unset = from.is_null() || own == nullptr || own->is_null();
    if (sub.otherwise != nullptr && (sub.merge || unset)) given_keys.SetAll(*sub.otherwise);
    if (from.is_object()) given_keys.SetAll(*from.as_object());
    const Object* given = given_keys.Finish();
    const Object nothing;
    const Object& told = from.is_object() ? *from.as_object() : nothing;
    return Resolver(context_, shelf_, *blueprint, *given, told, depth_ + 1).Run(result) || context_.InsideOf(key);
  }

  bool Combine(const Object** result) {
    ObjectBuilder attributes(context_);
    attributes.SetAll(*inputs_);
    SetPlain(derived_, &attributes);
    // An alias in the config.json is written through to its attribute; reading it then gives the attribute.
    for (const Alias& alias : stage_->aliases) {
      if (const Value* value = given_.Find(alias.alias); value != nullptr) attributes.Set(alias.attribute, *value);
    }
    for (const Entry& entry : nested_) attributes.Set(entry.key, entry.value);
    for (const Alias& alias : stage_->aliases) {
      if (const Value* value = attributes.Get(alias.attribute); value != nullptr)
        attributes.Set(alias.alias, Value(*value));
    }
    attributes.Set(context_.Intern("model_type"), Value::String(blueprint_.model_type));  // the file may not say it
    *result = SetPaths(attributes.Finish(&given_, &blueprint_), derived_);
    return context_.Charge(static_cast<int64_t>((*result)->entries.size()));
  }

  static bool IsPath(const Name& name) { return name.text.find('.') != std::string_view::npos; }

  static void SetPlain(std::span<const Entry> entries, ObjectBuilder* builder) {
    for (const Entry& entry : entries) {
      if (!IsPath(*entry.key)) builder->Set(entry.key, entry.value);
    }
  }

  const Object* SetPaths(const Object* object, std::span<const Entry> entries) {
    for (const Entry& entry : entries) {
      if (IsPath(*entry.key)) object = SetPath(*object, entry.key->text, entry.value);
    }
    return object;
  }

  /// A copy of the object with the value at a path; what is not an object on the way becomes one. Null sets nothing.
  const Object* SetPath(const Object& object, std::string_view path, Value value) {
    const size_t dot = path.find('.');
    const Name* key = context_.Intern(path.substr(0, dot));
    if (dot != std::string_view::npos) {
      const Value* inner = object.Find(key);
      const Object empty;
      value = Value::Of(
          SetPath(inner != nullptr && inner->is_object() ? *inner->as_object() : empty, path.substr(dot + 1), value));
    }
    ObjectBuilder changed(context_);
    changed.SetAll(object);
    if (!value.is_null()) changed.Set(key, value);
    return changed.Finish(object.given, object.blueprint);
  }

  Context& context_;
  const Shelf& shelf_;
  Blueprint& blueprint_;
  const Object& given_;
  const Object& told_;
  const int depth_;
  const ConfigStage* stage_ = nullptr;
  const Object* inputs_ = nullptr;
  Frame frame_;
  std::vector<Entry> derived_, nested_;
};

constexpr size_t kMostShown = 5;       // texts
constexpr size_t kLongestShown = 100;  // bytes of one of them

/// The texts that a condition `len([...]) == 0` found ("depth, dims"), "" where it says or finds something else.
std::string FoundBy(Context& context, const Expression& condition, Frame& frame) {
  if (condition.op != Op::kEqual) return "";
  const Expression& count = *condition.arguments[0];
  const Value& none = condition.arguments[1]->literal;
  if (count.op != Op::kCall || count.function != Function::kLen || count.arguments[0]->op != Op::kComprehension ||
      !none.is_int() || none.as_int() != 0) {
    return "";
  }
  Value found;
  if (!Evaluate(context, *count.arguments[0], frame, &found)) {
    context.ClearError();
    return "";
  }
  std::string texts;
  for (size_t i = 0; i < found.as_list().size(); ++i) {
    const Value& item = found.as_list()[i];
    if (!item.is_string() || item.as_string().size() > kLongestShown) return "";
    if (i == kMostShown) return texts + " and others";
    texts.append(i > 0 ? ", " : "").append(item.as_string());
  }
  return texts;
}

}  // namespace

bool CheckAssumptions(Context& context, std::span<const Expression* const> assumes, Frame& frame) {
  for (const Expression* condition : assumes) {
    bool holds = false;
    if (!EvaluateCondition(context, *condition, frame, &holds)) {
      if (context.error().code != ErrorCode::kInvalidConfig) return false;
      context.ClearError();  // the library may well take it: where the blueprint was verified this could be asked
    }
    if (!holds) {
      const std::string name = NameToBlame(*condition);
      const std::string found = FoundBy(context, *condition, frame);
      if (!found.empty()) {
        return context.Fail(ErrorCode::kNotCovered, name,
                            {"The blueprint was verified only for configs without this in ", name, ": ", found, "."});
      }
      return context.Fail(ErrorCode::kNotCovered, name,
                          {"The blueprint was verified only for configs where ", condition->source, "."});
    }
  }
  return true;
}

bool ResolveConfig(Context& context, const Shelf& shelf, Blueprint& blueprint, const Object& given,
                   const Object** result) {
  return Resolver(context, shelf, blueprint, given, given, 0).Run(result);
}

bool IsPlainName(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  };
  return !text.empty() && text.size() <= 100 && text[0] != '.' && std::ranges::all_of(text, plain);
}

}  // namespace tare
