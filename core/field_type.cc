// SPDX-License-Identifier: Apache-2.0
#include "field_type.h"

namespace tare {
namespace {

constexpr int kMaxDepth = 8;

bool IsSimple(std::string_view name, const Value& value) {
  if (name == "int") return value.is_int();
  if (name == "float") return value.is_double();
  if (name == "str") return value.is_string();
  if (name == "bool") return value.is_bool();
  if (name == "list") return value.is_list();
  if (name == "dict") return value.is_object();
  return name == "any" || (name == "None" && value.is_null());
}

/// Reads the type from left to right while it holds it against the value; with no value it only reads.
class Matcher {
 public:
  Matcher(Context& context, std::string_view rest) : context_(context), rest_(rest) {}

  bool Alternatives(const Value* value, int depth) {
    bool fits = false;
    do fits = Alternative(fits ? nullptr : value, depth) || fits;
    while (Take("|"));
    return fits;
  }

  bool at_end() const { return rest_.empty(); }

 private:
  bool Alternative(const Value* value, int depth) {
    if (context_.failed()) return false;
    if (Take("'")) {
      const std::string_view word = Until("'");
      return Take("'") && value != nullptr && value->is_string() && value->as_string() == word;
    }
    const std::string_view name = Until("|[], ");
    if (!Take("[")) return value != nullptr && IsSimple(name, *value);
    if (depth == kMaxDepth) {
      rest_ = {};
      return false;
    }
    const std::string_view inner = rest_;
    bool fits = value != nullptr && (name == "list" ? value->is_list() : name == "dict" && value->is_object());
    if (fits && value->is_list()) {
      for (const Value& item : value->as_list()) fits = fits && At(inner).Alternatives(&item, depth + 1);
    } else if (fits) {
      for (const Entry& entry : value->as_object()->entries) {
        const Value key = Value::String(entry.key->text);
        Matcher pair = At(inner);
        fits =
            fits && pair.Alternatives(&key, depth + 1) && pair.Take(", ") && pair.Alternatives(&entry.value, depth + 1);
      }
    }
    do Alternatives(nullptr, depth + 1);
    while (Take(", "));
    return Take("]") && fits;
  }

  Matcher At(std::string_view rest) const { return {context_, rest}; }

  std::string_view Until(std::string_view ends) {
    const std::string_view found = rest_.substr(0, rest_.find_first_of(ends));
    context_.ChargeSearch(found.size());
    rest_.remove_prefix(found.size());
    return found;
  }

  bool Take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  Context& context_;
  std::string_view rest_;
};

}  // namespace

bool CheckFieldType(Context& context, std::string_view key, std::string_view type, const Value& value) {
  Matcher matcher(context, type);
  const bool accepted = matcher.Alternatives(&value, 0) && matcher.at_end();
  if (context.failed()) return false;
  return accepted || context.Fail(ErrorCode::kInvalidConfig, key,
                                  {key, " is ", KindName(value.kind()), "; the library wants ", type, "."});
}

}  // namespace tare
