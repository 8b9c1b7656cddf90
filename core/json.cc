// SPDX-License-Identifier: Apache-2.0
#include "json.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace tare {
namespace {

using Json = nlohmann::json;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Three numbers that Python writes and reads, and JSON has not. They pass the parser as strings of the same length, so
/// that positions stay right: first and last character become quotes, the second one a control character.
struct Constant {
  std::string_view word, string;
  double value;
};
constexpr char kMark = '\x7F';
constexpr std::string_view kEscapedMark = "\\u007";  // and F or f
constexpr Constant kConstants[] = {{"NaN", "\x7F", std::numeric_limits<double>::quiet_NaN()},
                                   {"Infinity",
                                    "\x7F"
                                    "finit",
                                    kInfinity},
                                   {"-Infinity",
                                    "\x7F"
                                    "nfinit",
                                    -kInfinity}};

/// `text` with these numbers as strings; empty where there are none, which is nearly always, and where a string of the
/// text might be taken for one of them: then the parser says where it met a number that is not JSON's.
std::string QuoteConstants(std::string_view text) {
  if (text.find("NaN") == std::string_view::npos && text.find("Infinity") == std::string_view::npos) return {};
  if (text.find(kMark) != std::string_view::npos || text.find(kEscapedMark) != std::string_view::npos) return {};
  std::string quoted(text);
  bool in_string = false;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') in_string = !in_string;
    if (in_string) {
      at += text[at] == '\\';
      continue;
    }
    for (const Constant& constant : kConstants) {
      if (!text.substr(at).starts_with(constant.word)) continue;
      const size_t last = at + constant.word.size() - 1;
      quoted[at] = quoted[last] = '"';
      quoted[at + 1] = kMark;
      at = last;
      break;
    }
  }
  return quoted;
}

constexpr int kNumberOverflow = 406;  // json.exception.out_of_range.406

/// Takes the parser's events. Finished children wait on two stacks until their container closes.
class Handler {
 public:
  Handler(Context& context, bool quotes_constants) : context_(context), quotes_constants_(quotes_constants) {}

  Value result() const { return values_.front(); }
  bool too_deep() const { return open_.size() > kMaxJsonDepth; }
  /// Counted from 1.
  size_t position() const { return position_; }
  bool number_too_large() const { return number_too_large_; }

  bool null() { return Add(Value()); }
  bool boolean(bool value) { return Add(Value::Bool(value)); }
  bool number_integer(int64_t value) { return Add(Value::Int(value)); }
  bool number_unsigned(uint64_t value) {
    return Add(value <= INT64_MAX ? Value::Int(static_cast<int64_t>(value))
                                  : Value::Double(static_cast<double>(value)));
  }
  bool number_float(double value, const std::string&) { return Add(Value::Double(value)); }
  bool string(std::string& text) {
    if (quotes_constants_ && !text.empty() && text[0] == kMark) {
      for (const Constant& constant : kConstants)
        if (constant.string == text) return Add(Value::Double(constant.value));
    }
    return Add(Value::String(context_.arena.Copy(std::string_view(text))));
  }
  bool binary(Json::binary_t&) { return false; }

  bool start_object(std::size_t) { return Open(); }
  bool key(std::string& text) {
    keys_.push_back(context_.Intern(text));
    return context_.Charge();
  }
  bool end_object() {
    const size_t start = open_.back();
    const auto values = std::span<const Value>(values_).subspan(start);
    entries_.clear();
    const size_t first_key = keys_.size() - values.size();
    for (size_t i = 0; i < values.size(); ++i) entries_.push_back({keys_[first_key + i], values[i]});
    keys_.resize(first_key);
    if (const Constant* constant = TaggedConstant(); constant != nullptr) return Close(Value::Double(constant->value));
    return Close(Value::Of(context_.MakeObject(entries_)));
  }
  bool start_array(std::size_t) { return Open(); }
  bool end_array() {
    return Close(Value::List(context_.arena.Copy(std::span<const Value>(values_).subspan(open_.back()))));
  }

  bool parse_error(std::size_t position, const std::string&, const Json::exception& error) {
    position_ = position;
    number_too_large_ = error.id == kNumberOverflow;
    return false;
  }

 private:
  bool Add(const Value& value) {
    values_.push_back(value);
    return true;
  }
  bool Open() {
    open_.push_back(values_.size());
    return !too_deep();
  }
  bool Close(const Value& container) {
    values_.resize(open_.back());
    open_.pop_back();
    return Add(container);
  }

  /// The number that transformers writes into its files as {"__float__": "Infinity"}, so that they are JSON.
  const Constant* TaggedConstant() const {
    if (entries_.size() != 1 || entries_[0].key->text != "__float__" || !entries_[0].value.is_string()) return nullptr;
    for (const Constant& constant : kConstants)
      if (constant.word == entries_[0].value.as_string()) return &constant;
    return nullptr;
  }

  Context& context_;
  const bool quotes_constants_;
  std::vector<Value> values_;
  std::vector<const Name*> keys_;
  std::vector<Entry> entries_;
  std::vector<size_t> open_;  // where the values of each open container start
  size_t position_ = 0;
  bool number_too_large_ = false;
};

}  // namespace

bool ParseJson(Context& context, std::string_view text, size_t max_bytes, std::string_view where, Value* result) {
  if (text.size() > max_bytes) {
    return context.Fail(ErrorCode::kInvalidJson, where,
                        {"The text is larger than ", IntText(static_cast<int64_t>(max_bytes >> 20)), " MB."});
  }
  const std::string quoted = QuoteConstants(text);
  if (!quoted.empty()) text = quoted;
  Handler handler(context, !quoted.empty());
  if (Json::sax_parse(text.data(), text.data() + text.size(), &handler)) {
    *result = handler.result();
    return true;
  }
  if (context.failed()) return false;
  if (handler.too_deep()) {
    return context.Fail(ErrorCode::kInvalidJson, where,
                        {"The text is nested deeper than ", IntText(kMaxJsonDepth), " levels."});
  }
  return context.Fail(
      ErrorCode::kInvalidJson, where,
      {handler.number_too_large() ? "The text has a number that no computer holds" : "The text is not JSON",
       "; reading stopped at character ", IntText(static_cast<int64_t>(handler.position())), "."});
}

}  // namespace tare
