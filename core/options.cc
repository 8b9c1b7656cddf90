// SPDX-License-Identifier: Apache-2.0
#include "options.h"

#include <string>

namespace tare {
namespace {

constexpr double kMaxBytes = 9007199254740992.0;  // 2^53: beyond, JavaScript's numbers are not exact
constexpr int64_t kMaxCards = 1'000'000;
constexpr int64_t kMaxRank = 1'000'000;
constexpr size_t kMaxItems = 10'000;

/// Reads the options of one object, naming in errors what is wrong.
class Reader {
 public:
  Reader(Context& context, std::string_view path) : context_(context), path_(path) {}

  bool Bad(std::string_view key, std::string_view needed) {
    return context_.Fail(ErrorCode::kInvalidConfig, path_ + "." + std::string(key),
                         {"This option must be ", needed, "."});
  }

  bool Text(std::string_view key, const Value& value, std::string_view* result) {
    if (!value.is_string()) return Bad(key, "a text");
    *result = value.as_string();
    return true;
  }

  bool Flag(std::string_view key, const Value& value, bool* result) {
    if (!value.is_bool()) return Bad(key, "true or false");
    *result = value.as_bool();
    return true;
  }

  /// JavaScript writes whole numbers now and then with a fraction or an exponent.
  bool Whole(std::string_view key, const Value& value, int64_t least, double greatest, int64_t* result) {
    const bool number = value.is_int() || value.is_double();
    if (!number || !(value.as_double() >= static_cast<double>(least) && value.as_double() <= greatest))
      return Bad(key, "a whole number in its range");
    *result = value.is_int() ? value.as_int() : static_cast<int64_t>(value.as_double());
    return static_cast<double>(*result) == value.as_double() || Bad(key, "a whole number");
  }

  bool Share(std::string_view key, const Value& value, double* result) {
    const bool number = value.is_int() || value.is_double();
    if (!number || !(value.as_double() >= 0 && value.as_double() <= 1000)) return Bad(key, "a number from 0 to 1000");
    *result = value.as_double();
    return true;
  }

  bool Object(std::string_view key, const Value& value, const tare::Object** result) {
    if (!value.is_object()) return Bad(key, "an object");
    *result = value.as_object();
    return true;
  }

  bool List(std::string_view key, const Value& value, std::span<const Value>* result) {
    if (!value.is_list() || value.as_list().size() > kMaxItems) return Bad(key, "a list");
    *result = value.as_list();
    return true;
  }

 private:
  Context& context_;
  std::string path_;
};

bool ReadLora(Context& context, const Object& object, LoraOptions* lora) {
  Reader reader(context, "options.lora");
  for (const auto& [key, value] : object.entries) {
    const std::string_view k = key->text;
    if (k == "rank") {
      if (!reader.Whole(k, value, 1, static_cast<double>(kMaxRank), &lora->rank)) return false;
    } else if (k == "target_modules") {
      lora->all_linear = value.is_string() && value.as_string() == "all-linear";
      if (lora->all_linear) continue;
      std::span<const Value> list;
      if (!reader.List(k, value, &list)) return false;
      for (const Value& item : list) {
        lora->targets.emplace_back();
        if (!reader.Text(k, item, &lora->targets.back())) return false;
      }
    } else {
      return reader.Bad(k, "left out: it is not known");
    }
  }
  return lora->rank > 0 || reader.Bad("rank", "given");
}

bool ReadGpu(Context& context, const Value& value, Gpu* gpu) {
  Reader reader(context, "options.fit.gpus");
  const Object* object = nullptr;
  if (!reader.Object("each", value, &object)) return false;
  for (const auto& [key, part] : object->entries) {
    bool good = true;
    if (key->text == "name")
      good = reader.Text("name", part, &gpu->name);
    else if (key->text == "bytes")
      good = reader.Whole("bytes", part, 0, kMaxBytes, &gpu->bytes);
    else
      good = reader.Bad(key->text, "left out: it is not known");
    if (!good) return false;
  }
  return true;
}

bool ReadFit(Context& context, const Object& object, FitOptions* fit) {
  Reader reader(context, "options.fit");
  for (const auto& [key, value] : object.entries) {
    const std::string_view k = key->text;
    bool good = true;
    if (k == "gpus") {
      std::span<const Value> list;
      good = reader.List(k, value, &list);
      for (size_t i = 0; good && i < list.size(); ++i) {
        fit->gpus.emplace_back();
        good = ReadGpu(context, list[i], &fit->gpus.back());
      }
    } else if (k == "count") {
      good = reader.Whole(k, value, 1, static_cast<double>(kMaxCards), &fit->count);
    } else if (k == "reserve_bytes") {
      good = reader.Whole(k, value, 0, kMaxBytes, &fit->reserve_bytes);
    } else if (k == "overhead") {
      good = reader.Share(k, value, &fit->overhead);
    } else if (k == "trainable_share") {
      good = reader.Share(k, value, &fit->trainable_share);
    } else {
      good = reader.Bad(k, "left out: it is not known");
    }
    if (!good) return false;
  }
  return true;
}

}  // namespace

bool ReadOptions(Context& context, const Value& value, Options* result) {
  Reader reader(context, "options");
  const Object *object = nullptr, *part = nullptr;
  if (!reader.Object("all", value, &object)) return false;
  for (const auto& [key, option] : object->entries) {
    const std::string_view k = key->text;
    bool good = true;
    if (k == "library") {
      good = reader.Text(k, option, &result->library);
      if (good && result->library != "transformers" && result->library != "timm")
        good = reader.Bad(k, "transformers or timm");
    } else if (k == "model_class") {
      good = reader.Text(k, option, &result->model_class);
    } else if (k == "tied") {
      good = reader.Flag(k, option, &result->tied);
    } else if (k == "tree") {
      good = reader.Flag(k, option, &result->tree);
    } else if (k == "lora") {
      good = result->has_lora = reader.Object(k, option, &part) && ReadLora(context, *part, &result->lora);
    } else if (k == "fit") {
      good = result->has_fit = reader.Object(k, option, &part) && ReadFit(context, *part, &result->fit);
    } else {
      good = reader.Bad(k, "left out: it is not known");
    }
    if (!good) return false;
  }
  return true;
}

}  // namespace tare
