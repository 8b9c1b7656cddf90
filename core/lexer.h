// SPDX-License-Identifier: Apache-2.0
// Tokens of the expression language.
#pragma once

#include <cstddef>
#include <string_view>

namespace tare {

enum class TokenKind : uint8_t { kEnd, kName, kNumber, kString, kSymbol, kBad };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;  // of a string: without its quotes
};

/// Splits an expression into tokens, one ahead.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) { Advance(); }
  const Token& token() const { return token_; }
  void Advance();
  bool Is(std::string_view symbol_or_word) const;

 private:
  void ReadNumber(size_t start);
  void ReadString();

  std::string_view text_;
  size_t at_ = 0;
  Token token_;
};

}  // namespace tare
