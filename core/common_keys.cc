// SPDX-License-Identifier: Apache-2.0
#include "common_keys.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "field_type.h"

namespace tare {
namespace {

/// The dtypes of torch 2 by all of their names, each between spaces.
constexpr std::string_view kDtypes =
    " bcomplex32 bfloat16 bit bits16 bits1x8 bits2x4 bits4x2 bits8 bool cdouble cfloat chalf complex128"
    " complex32 complex64 double float float16 float32 float4_e2m1fn_x2 float64 float8_e4m3fn"
    " float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu half int int1 int16 int2 int3 int32 int4"
    " int5 int6 int64 int7 int8 long qint32 qint8 quint2x4 quint4x2 quint8 short uint1 uint16 uint2 uint3"
    " uint32 uint4 uint5 uint6 uint64 uint7 uint8 ";

bool IsDtype(std::string_view name) {
  return name.find(' ') == std::string_view::npos &&
         kDtypes.find(" " + std::string(name) + " ") != std::string_view::npos;
}

bool CheckDtype(Context& context, const Object& given) {
  for (std::string_view key : {"dtype", "torch_dtype"}) {
    const Value* dtype = given.Find(context.Intern(key));
    if (dtype == nullptr || dtype->is_null()) continue;
    if (dtype->is_list()) return CheckFieldType(context, key, "str", *dtype);
    if (dtype->is_string() && !IsDtype(dtype->as_string()))
      return context.Fail(ErrorCode::kRefused, key, {key, " is ", dtype->as_string(), ", which is no dtype of torch."});
    return true;  // the first that says something
  }
  return true;
}

/// The digits of what Python's int() reads in a text (in ASCII, with a sign, spaces around them or underscores between
/// them), without zeros in front; "" where it reads no number.
std::string Integer(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\n\v\f\r";
  text.remove_prefix(std::min(text.find_first_not_of(kSpaces), text.size()));
  text = text.substr(0, text.find_last_not_of(kSpaces) + 1);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::string digits;
  char last = '_';
  for (char c : text) {
    if ((c < '0' || c > '9') && (c != '_' || last == '_')) return {};
    if (c != '_') digits.push_back(c);
    last = c;
  }
  if (last == '_') return {};
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return negative && digits != "0" ? "-" + digits : digits;
}

bool CheckLabels(Context& context, const Object& given) {
  constexpr std::string_view kNames = "id2label";
  const Value* names = given.Find(context.Intern(kNames));
  const Value* count = given.Find(context.Intern("num_labels"));
  const Value* problem = given.Find(context.Intern("problem_type"));
  if (count != nullptr && !count->is_bool() && !CheckFieldType(context, "num_labels", "int", *count)) return false;
  bool one = count != nullptr && count->as_int() == 1;
  if (names != nullptr && !names->is_null()) {
    if (!CheckFieldType(context, kNames, "dict", *names)) return false;
    const auto entries = names->as_object()->entries;
    if (!context.ChargeSearch(8 * entries.size())) return false;
    ObjectBuilder numbers(context);
    for (const Entry& entry : entries) {
      const std::string number = Integer(entry.key->text);
      if (number.empty())
        return context.Fail(ErrorCode::kRefused, kNames,
                            {"The keys of ", kNames, " are numbers of classes; ", entry.key->text, " is none."});
      numbers.Set(context.Intern(number), Value());
    }
    if (numbers.Finish()->entries.size() < entries.size())
      return context.Fail(ErrorCode::kNotCovered, kNames, {kNames, " names a class twice."});
    one = entries.size() == 1;
  }
  if (one && problem != nullptr && problem->is_string() && problem->as_string() == "single_label_classification")
    return context.Fail(ErrorCode::kRefused, "problem_type",
                        {"single_label_classification needs more than one class."});
  return true;
}

/// Of a word that the library knows, whether its package is there is nobody's business here; one with a slash is a
/// kernel on the Hub.
bool CheckAttention(Context& context, const Object& given) {
  constexpr std::string_view kKnown[] = {
      "eager", "sdpa", "flex_attention", "flash_attention_2", "flash_attention_3", "flash_attention_4"};
  for (std::string_view key : {"attn_implementation", "_attn_implementation"}) {
    const Value* value = given.Find(context.Intern(key));
    if (value == nullptr || !value->is_string()) continue;
    const std::string_view word = value->as_string();
    if (std::ranges::find(kKnown, word) != std::end(kKnown) || word.starts_with("paged|") ||
        word.find('/') != word.npos)
      continue;
    return context.Fail(ErrorCode::kRefused, key, {"The library knows no attention called ", word, "."});
  }
  return true;
}

}  // namespace

bool CheckCommonKeys(Context& context, const Object& given) {
  return CheckDtype(context, given) && CheckLabels(context, given) && CheckAttention(context, given);
}

}  // namespace tare
