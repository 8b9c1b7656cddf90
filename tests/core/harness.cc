// SPDX-License-Identifier: Apache-2.0
#include "harness.h"

#include "expression.h"
#include "json.h"

namespace tare {

std::string Show(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return "None";
    case Kind::kBool:
      return value.as_bool() ? "True" : "False";
    case Kind::kInt:
      return IntText(value.as_int());
    case Kind::kDouble:
      return Json(value.as_double()).dump();
    case Kind::kString:
      return "'" + std::string(value.as_string()) + "'";
    case Kind::kObject:
      return "{" + IntText(static_cast<int64_t>(value.as_object()->entries.size())) + "}";
    case Kind::kList:
      break;
  }
  std::string text;
  for (const Value& item : value.as_list()) text += (text.empty() ? "" : ", ") + Show(item);
  return "[" + text + "]";
}

std::string EvaluateText(std::string_view expression, std::string_view attributes) {
  Context context;
  Value object, value;
  const auto failure = [&context] {
    return std::string(ErrorName(context.error().code)) + " " + context.error().where;
  };
  if (!ParseJson(context, attributes, kMaxConfigBytes, "attributes", &object)) return failure();
  Object config = *object.as_object();
  config.given = object.as_object();
  Frame frame;
  frame.config = &config;
  const Expression* parsed = ParseExpression(context, expression);
  return parsed != nullptr && Evaluate(context, *parsed, frame, &value) ? Show(value) : failure();
}

Json Ask(const Json& config, const Json& blueprints, const Json& options) {
  return Json::parse(Estimate(config.dump(), blueprints.dump(), options.dump()));
}

std::string Failed(const Json& answer) {
  if (!answer.contains("error")) return "";
  return answer["error"]["code"].get<std::string>() + " " + answer["error"]["where"].get<std::string>();
}

Json OneClass(const Json& node, const Json& config) {
  return Json::array({{{"library", "transformers"},
                       {"version", "1"},
                       {"model_type", "toy"},
                       {"config", config},
                       {"auto", {{"AutoModel", "ToyModel"}}},
                       {"classes", {{"ToyModel", node}}}}});
}

}  // namespace tare
