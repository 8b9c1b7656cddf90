// SPDX-License-Identifier: Apache-2.0
#include "lexer.h"

namespace tare {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

}  // namespace

bool Lexer::Is(std::string_view symbol_or_word) const {
  if (token_.kind != TokenKind::kSymbol && token_.kind != TokenKind::kName) return false;
  return token_.text[0] == symbol_or_word[0] && token_.text == symbol_or_word;
}

void Lexer::Advance() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
  const size_t start = at_;
  if (start == text_.size()) {
    token_ = {};
    return;
  }
  const char c = text_[start];
  const char next = start + 1 < text_.size() ? text_[start + 1] : '\0';
  if (IsLetter(c)) {
    while (at_ < text_.size() && (IsLetter(text_[at_]) || IsDigit(text_[at_]))) ++at_;
    token_ = {TokenKind::kName, text_.substr(start, at_ - start)};
  } else if (IsDigit(c)) {
    ReadNumber(start);
  } else if (c == '\'' || c == '"') {
    ReadString();
  } else {
    const bool twice = c == next && (c == '/' || c == '*' || c == '=');
    const bool compare = next == '=' && (c == '<' || c == '>' || c == '!');
    const bool known = twice || compare || std::string_view("+-*/%<>()[],:.").find(c) != std::string_view::npos;
    at_ += twice || compare ? 2 : 1;
    token_ = {known ? TokenKind::kSymbol : TokenKind::kBad, text_.substr(start, at_ - start)};
  }
}

void Lexer::ReadNumber(size_t start) {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    const bool exponent = (c == 'e' || c == 'E');
    if (!IsDigit(c) && c != '.' && !exponent) break;
    ++at_;
    if (exponent && at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
  }
  token_ = {TokenKind::kNumber, text_.substr(start, at_ - start)};
}

void Lexer::ReadString() {
  const char quote = text_[at_];
  const size_t start = at_ + 1;
  const size_t end = text_.find(quote, start);
  // No escapes: a text with a backslash or without its end is not one that the generator writes.
  const std::string_view body = text_.substr(start, end == std::string_view::npos ? end : end - start);
  const bool good = end != std::string_view::npos && body.find('\\') == std::string_view::npos;
  at_ = good ? end + 1 : text_.size();
  token_ = {good ? TokenKind::kString : TokenKind::kBad, body};
}

}  // namespace tare
