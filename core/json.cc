// SPDX-License-Identifier: Apache-2.0
#include "json.h"

#include <limits>

#include "number.h"

namespace tare {
namespace {

/// The length of the UTF-8 sequence at the start of `text`, 0 if it is none (a stray or overlong one, a surrogate).
size_t SequenceLength(std::string_view text) {
  const auto byte = [text](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [byte](size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned first = byte(0), second = byte(1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool good = !(first == 0xE0 && second < 0xA0) && !(first == 0xED && second > 0x9F);
    return good && follows(1) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool good = !(first == 0xF0 && second < 0x90) && !(first == 0xF4 && second > 0x8F);
    return good && follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

void AppendUtf8(uint32_t code, std::string* text) {
  const auto add = [text](uint32_t byte) { *text += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0 | code >> 6);
    add(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    add(0xE0 | code >> 12);
    add(0x80 | (code >> 6 & 0x3F));
    add(0x80 | (code & 0x3F));
  } else {
    add(0xF0 | code >> 18);
    add(0x80 | (code >> 12 & 0x3F));
    add(0x80 | (code >> 6 & 0x3F));
    add(0x80 | (code & 0x3F));
  }
}

/// Reads one text. Finished children wait on two stacks until their container closes.
class Reader {
 public:
  Reader(Context& context, std::string_view text) : context_(context), text_(text) {}

  bool Run(Value* result) {
    if (!ReadValue(result)) return false;
    SkipSpace();
    return at_ == text_.size();
  }

  size_t position() const { return at_; }
  bool too_deep() const { return depth_ > kMaxJsonDepth; }

 private:
  void SkipSpace() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
      ++at_;
  }

  bool Take(char c) {
    SkipSpace();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool TakeWord(std::string_view word, const Value& value, Value* result) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    *result = value;
    return true;
  }

  bool ReadValue(Value* result) {
    SkipSpace();
    switch (at_ < text_.size() ? text_[at_] : '\0') {
      case '{':
        return ReadObject(result);
      case '[':
        return ReadArray(result);
      case '"': {
        std::string_view string;
        bool kept = false;
        if (!ReadString(&string, &kept)) return false;
        *result = Value::String(kept ? string : context_.arena.Copy(string));
        return true;
      }
      case 't':
        return TakeWord("true", Value::Bool(true), result);
      case 'f':
        return TakeWord("false", Value::Bool(false), result);
      case 'n':
        return TakeWord("null", Value(), result);
      case 'N':
        return TakeWord("NaN", Value::Double(std::numeric_limits<double>::quiet_NaN()), result);
      case 'I':
        return TakeWord("Infinity", Value::Double(std::numeric_limits<double>::infinity()), result);
      default:
        break;
    }
    if (TakeWord("-Infinity", Value::Double(-std::numeric_limits<double>::infinity()), result)) return true;
    const size_t length = ReadNumber(text_.substr(at_), result);
    at_ += length;
    return length > 0;
  }

  bool ReadArray(Value* result) {
    const size_t start = values_.size();
    ++at_;
    if (++depth_ > kMaxJsonDepth) return false;
    if (!Take(']')) {
      do {
        Value item;
        if (!ReadValue(&item)) return false;
        values_.push_back(item);
      } while (Take(','));
      if (!Take(']')) return false;
    }
    *result = Value::List(context_.arena.Copy(std::span<const Value>(values_).subspan(start)));
    values_.resize(start);
    --depth_;
    return true;
  }

  bool ReadObject(Value* result) {
    const size_t start = entries_.size();
    ++at_;
    if (++depth_ > kMaxJsonDepth) return false;
    if (!Take('}')) {
      do {
        std::string_view key;
        bool kept = false;
        SkipSpace();
        if (!ReadString(&key, &kept)) return false;
        const Name* name = kept ? context_.InternKept(key) : context_.Intern(key);
        Value value;
        if (!context_.Charge() || !Take(':') || !ReadValue(&value)) return false;
        entries_.push_back({name, value});
      } while (Take(','));
      if (!Take('}')) return false;
    }
    *result = Value::Of(context_.MakeObject(std::span<const Entry>(entries_).subspan(start)));
    entries_.resize(start);
    --depth_;
    return true;
  }

  /// `kept`: the string stands in the text as it is; else it is in `unescaped_` until the next string is read.
  bool ReadString(std::string_view* result, bool* kept) {
    if (at_ == text_.size() || text_[at_] != '"') return false;
    const size_t start = ++at_;
    *kept = true;
    while (at_ < text_.size()) {
      const unsigned char c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') {
        *result = *kept ? text_.substr(start, at_ - start) : std::string_view(unescaped_);
        ++at_;
        return true;
      }
      if (c < 0x20) return false;
      if (c == '\\') {
        if (*kept) unescaped_ = text_.substr(start, at_ - start);
        *kept = false;
        if (!ReadEscape()) return false;
        continue;
      }
      const size_t length = c < 0x80 ? 1 : SequenceLength(text_.substr(at_));
      if (length == 0) return false;
      if (!*kept) unescaped_ += text_.substr(at_, length);
      at_ += length;
    }
    return false;
  }

  bool ReadEscape() {
    constexpr std::string_view kLetters = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    const char letter = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    at_ += 2;
    if (letter == 'u') {
      uint32_t code = 0, low = 0;
      if (!ReadHex(&code)) return false;
      if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_).starts_with("\\u")) {
        at_ += 2;
        if (!ReadHex(&low) || low < 0xDC00 || low > 0xDFFF) return false;
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      }
      if (code >= 0xD800 && code < 0xE000) return false;  // half a character
      AppendUtf8(code, &unescaped_);
      return true;
    }
    const size_t which = kLetters.find(letter);
    if (letter == '\0' || which == std::string_view::npos) return false;
    unescaped_ += kMeanings[which];
    return true;
  }

  bool ReadHex(uint32_t* code) {
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = at_ < text_.size() ? text_[at_] : '\0';
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) return false;
      *code = *code << 4 | static_cast<uint32_t>(digit);
    }
    return true;
  }

  Context& context_;
  std::string_view text_;
  size_t at_ = 0;
  int depth_ = 0;
  std::vector<Value> values_;
  std::vector<Entry> entries_;
  std::string unescaped_;
};

}  // namespace

bool ParseJson(Context& context, std::string_view text, size_t max_bytes, std::string_view where, Value* result) {
  if (text.size() > max_bytes) {
    return context.Fail(ErrorCode::kInvalidJson, where,
                        {"The text is larger than ", IntText(static_cast<int64_t>(max_bytes >> 20)), " MB."});
  }
  Reader reader(context, text);
  if (reader.Run(result)) return true;
  if (context.failed()) return false;
  if (reader.too_deep()) {
    return context.Fail(ErrorCode::kInvalidJson, where,
                        {"The text is nested deeper than ", IntText(kMaxJsonDepth), " levels."});
  }
  return context.Fail(
      ErrorCode::kInvalidJson, where,
      {"The text is not JSON; reading stopped at character ", IntText(static_cast<int64_t>(reader.position())), "."});
}

}  // namespace tare
