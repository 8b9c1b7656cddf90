// SPDX-License-Identifier: Apache-2.0
#include "estimate.h"

#include <algorithm>

#include "blueprint.h"
#include "build.h"
#include "config.h"
#include "json.h"
#include "options.h"
#include "report.h"
#include "ties.h"

namespace tare {
namespace {

constexpr size_t kMaxOptionsBytes = 4 << 20;

/// One request from its texts to its report.
class Estimator {
 public:
  std::string Run(std::string_view config, std::string_view blueprints, std::string_view options) {
    if (Read(config, blueprints, options) && Resolve() && Measure() && context_.Charge(0)) return ReportText(report_);
    BlameRule();
    return ErrorText(context_.error());
  }

 private:
  bool Read(std::string_view config, std::string_view blueprints, std::string_view options) {
    Value files, asked, given;
    if (!ParseJson(context_, options, kMaxOptionsBytes, "options", &asked) || !ReadOptions(context_, asked, &options_))
      return false;
    if (!ParseJson(context_, config, kMaxConfigBytes, "config", &given)) return false;
    if (!given.is_object())
      return context_.Fail(ErrorCode::kInvalidConfig, "config",
                           {"The config is ", KindName(given.kind()), ", but an object is needed."});
    given_ = given.as_object();
    return ParseJson(context_, blueprints, kMaxBlueprintBytes, "blueprints", &files) && shelf_.Load(context_, files);
  }

  /// What the file does not say but a rule of the blueprint has made is that rule's fault: the library may well know
  /// better.
  void BlameRule() {
    const Error error = context_.error();
    if (error.code != ErrorCode::kInvalidConfig || blueprint_ == nullptr || blueprint_->stage == nullptr) return;
    const std::string_view name = std::string_view(error.where).substr(0, error.where.find('.'));
    const ConfigStage& stage = *blueprint_->stage;
    const bool derived =
        std::ranges::any_of(stage.derived, [&](const Binding& rule) { return rule.name->text == name; });
    const bool aliased = std::ranges::any_of(stage.aliases, [&](const Alias& alias) {
      return alias.attribute->text == name && given_->Find(alias.alias->text) != nullptr;
    });
    if (!derived || aliased || given_->Find(name) != nullptr) return;
    context_.ClearError();
    context_.Fail(ErrorCode::kNotCovered, error.where, {"The blueprint has no rule for this config: ", error.text});
  }

  /// The text of a key of the config, "" where it is absent or null.
  bool Text(std::string_view key, std::string_view* result) {
    const Value* value = given_->Find(key);
    if (value == nullptr || value->is_null()) return true;
    if (!value->is_string() || !IsPlainName(value->as_string())) {
      return context_.Fail(ErrorCode::kInvalidConfig, key, {"The ", key, " of the config is not a name."});
    }
    *result = value->as_string();
    return true;
  }

  bool Resolve() {
    report_.library = options_.library;
    if (report_.library.empty()) {
      const bool timm = given_->Find("model_type") == nullptr &&
                        (given_->Find("architecture") != nullptr || given_->Find("pretrained_cfg") != nullptr);
      report_.library = timm ? "timm" : "transformers";
    }
    const bool timm = report_.library == "timm";
    const std::string_view key = timm ? "architecture" : "model_type";
    std::string_view name;
    if (!Text(key, &name)) return false;
    if (!timm && given_->Find(key) == nullptr && given_->Find("pretrained_cfg") != nullptr) name = "timm_wrapper";
    if (name.empty())
      return context_.Fail(ErrorCode::kInvalidConfig, key,
                           {"The config has no ", key, ", so it does not say what model it is."});
    if (timm) name = name.substr(0, name.find('.'));  // a tag of the weights may follow: resnet50.a1_in1k
    blueprint_ = timm ? shelf_.FindArchitecture(name) : shelf_.FindModelType(name);
    if (blueprint_ == nullptr) {
      return context_.Fail(ErrorCode::kNeedsBlueprint, std::string(report_.library) + "/" + std::string(name),
                           {"The blueprint of ", name, " is needed."});
    }
    architecture_ = timm ? name : std::string_view();
    report_.model_type = name;
    report_.version = blueprint_->version;
    return ResolveConfig(context_, shelf_, *blueprint_, *given_, &report_.attributes);
  }

  /// The class that `published` and `accelerate` stand for; any other name is itself. False after `unknown_class`.
  bool ClassName(std::string_view asked, std::string_view* result) {
    *result = asked;
    if (!architecture_.empty()) {
      *result = architecture_;
    } else if (asked == "published") {
      const Value* list = given_->Find("architectures");
      const bool named =
          list != nullptr && list->is_list() && !list->as_list().empty() && list->as_list()[0].is_string();
      if (!named)
        return context_.Fail(ErrorCode::kUnknownClass, "architectures",
                             {"The config does not name the class it was published for."});
      *result = list->as_list()[0].as_string();
    } else if (asked == "accelerate") {
      *result = "AutoModel";
      const Value* map = given_->Find("auto_map");
      if (map == nullptr || !map->is_object()) return true;
      for (const Entry& entry : map->as_object()->entries) {
        if (!entry.key->text.starts_with("AutoModelFor")) continue;
        *result = entry.key->text;
        break;
      }
    }
    return true;
  }

  const Module* Build(std::string_view asked) {
    std::string_view class_name;
    return ClassName(asked, &class_name) ? BuildModel(context_, shelf_, *report_.attributes, class_name) : nullptr;
  }

  bool Measure() {
    report_.model = Build(options_.model_class);
    if (report_.model == nullptr || !FindLargestLayer(context_, *report_.model, &report_.largest)) return false;
    report_.total = TotalBytes(report_.model->totals);
    if (!TiedTotal(context_, *report_.model, &report_.tied_total)) return false;
    report_.rows = MakeRows(options_.tied ? report_.tied_total : report_.total, report_.largest.bytes);
    report_.has_lora = options_.has_lora;
    if (options_.has_lora && !CountLora(context_, *report_.model, options_.lora, &report_.lora)) return false;
    report_.has_fits = options_.has_fit;
    if (options_.has_fit) report_.fits = MakeFits(options_.fit, report_.rows, Trainable());
    report_.has_tree = options_.tree;
    return AddCount("accelerate") && AddCount("published");
  }

  double Trainable() const {
    if (options_.has_lora) return static_cast<double>(report_.lora.trainable_parameters);
    if (options_.fit.trainable_share > 0)
      return options_.fit.trainable_share * static_cast<double>(report_.model->totals.parameters);
    return -1;
  }

  /// A way of counting that does not work for this config is left out, not an error; one that only lacks a blueprint
  /// works with it, and a blueprint that cannot be read is not to be trusted with the rest either.
  bool AddCount(std::string_view way) {
    const Module* model = Build(way);
    ByteCount total;
    if (model != nullptr && TiedTotal(context_, *model, &total)) {
      report_.counts.push_back({way, model->class_name, way == "accelerate" ? TotalBytes(model->totals) : total});
    }
    const ErrorCode code = context_.error().code;
    if (code == ErrorCode::kNeedsBlueprint || code == ErrorCode::kInvalidBlueprint) return false;
    context_.ClearError();
    return true;
  }

  Context context_;
  Shelf shelf_;
  Options options_;
  const Object* given_ = nullptr;
  Blueprint* blueprint_ = nullptr;
  std::string_view architecture_;  // of timm
  Report report_;
};

}  // namespace

std::string Estimate(std::string_view config, std::string_view blueprints, std::string_view options) {
  return Estimator().Run(config, blueprints, options);
}

}  // namespace tare
