// SPDX-License-Identifier: Apache-2.0
// Text -> Expression, by precedence climbing over Python's table of operators.
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string>
#include <vector>

#include "expression.h"
#include "functions.h"
#include "lexer.h"

namespace tare {
namespace {

// How tight operators bind, loosest first.
constexpr int kOrLevel = 1, kAndLevel = 2, kNotLevel = 3, kCompareLevel = 4, kSumLevel = 5, kProductLevel = 6;

/// A number as Python writes it; integers beyond 64 bits are refused.
bool ReadNumber(std::string_view text, Value* result) {
  if (text.starts_with('0') && text.size() > 1 && text[1] >= '0' && text[1] <= '9') return false;
  if (text.find_first_of(".eE") != std::string_view::npos) {
    const std::string ended(text);
    char* end = nullptr;
    *result = Value::Double(std::strtod(ended.c_str(), &end));
    return *end == '\0';
  }
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  *result = Value::Int(value);
  return error == std::errc() && end == text.data() + text.size();
}

struct Operator {
  Op op = Op::kLiteral;
  int level = 0;  // 0: the token is no operator between two operands
};

/// What a token means between two operands. `is` and `not` may go on with a second word.
Operator OperatorOf(const Token& token) {
  const std::string_view text = token.text;
  const bool twice = text.size() == 2;
  if (token.kind == TokenKind::kSymbol) {
    switch (text[0]) {
      case '+':
        return {Op::kAdd, kSumLevel};
      case '-':
        return {Op::kSubtract, kSumLevel};
      case '*':
        return twice ? Operator() : Operator{Op::kMultiply, kProductLevel};
      case '/':
        return {twice ? Op::kFloorDivide : Op::kDivide, kProductLevel};
      case '%':
        return {Op::kModulo, kProductLevel};
      case '=':
        return {Op::kEqual, kCompareLevel};
      case '!':
        return {Op::kNotEqual, kCompareLevel};
      case '<':
        return {twice ? Op::kLessEqual : Op::kLess, kCompareLevel};
      case '>':
        return {twice ? Op::kGreaterEqual : Op::kGreater, kCompareLevel};
      default:
        return {};
    }
  }
  if (token.kind != TokenKind::kName) return {};
  if (text == "or") return {Op::kOr, kOrLevel};
  if (text == "and") return {Op::kAnd, kAndLevel};
  if (text == "in") return {Op::kIn, kCompareLevel};
  if (text == "is") return {Op::kIs, kCompareLevel};
  if (text == "not") return {Op::kNotIn, kCompareLevel};
  return {};
}

bool IsReserved(std::string_view word) {
  for (const std::string_view reserved : {"and", "or", "not", "if", "else", "for", "in", "is", "lambda"}) {
    if (word == reserved) return true;
  }
  return false;
}

class Parser {
 public:
  Parser(Context& context, const Name& whole)
      : context_(context), whole_(whole), text_(whole.text), lexer_(whole.text) {}

  const Expression* Parse() {
    Expression* root = ParseConditional();
    if (root != nullptr && lexer_.token().kind != TokenKind::kEnd) root = Bad("has something after its end");
    if (root != nullptr) root->source = text_;
    return root;
  }

 private:
  Expression* Bad(std::string_view what) {
    context_.Fail(ErrorCode::kInvalidBlueprint, text_,
                  {"The expression ", what, ", near '", lexer_.token().text, "'."});
    return nullptr;
  }

  bool Take(std::string_view symbol) {
    if (!lexer_.Is(symbol)) return false;
    lexer_.Advance();
    return true;
  }

  bool Expect(std::string_view symbol) { return Take(symbol) || Bad("lacks a symbol") != nullptr; }

  Expression* Make(Op op, std::initializer_list<const Expression*> arguments) {
    for (const Expression* argument : arguments) {
      if (argument == nullptr) return nullptr;
    }
    return MakeList(op, {arguments.begin(), arguments.size()});
  }

  Expression* MakeList(Op op, std::span<const Expression* const> arguments) {
    int height = 0;
    for (const Expression* argument : arguments) height = std::max(height, argument == nullptr ? 0 : argument->height);
    if (height >= kMaxExpressionHeight) return Bad("has a tree that is too high, or a chain of too many terms");
    Expression* expression = context_.arena.New<Expression>(op);
    expression->height = height + 1;
    expression->arguments = context_.arena.Copy(arguments);
    return expression;
  }

  Expression* Literal(const Value& value) {
    Expression* expression = context_.arena.New<Expression>();
    expression->literal = value;
    return expression;
  }

  Expression* ParseConditional() {
    if (++depth_ > kMaxExpressionDepth) return Bad("is nested too deep");
    Expression* then = ParseLevel(kOrLevel);
    if (then != nullptr && Take("if")) {
      const Expression* condition = ParseLevel(kOrLevel);
      if (condition == nullptr || !Expect("else")) return nullptr;
      then = Make(Op::kConditional, {condition, then, ParseConditional()});
    }
    --depth_;
    return then;
  }

  /// Operands joined by operators that bind at least as tight as `level`.
  Expression* ParseLevel(int level) {
    Expression* left = level <= kNotLevel && Take("not") ? ParseNot() : ParseUnary();
    while (left != nullptr) {
      const Operator found = OperatorOf(lexer_.token());
      if (found.level < level || found.level == 0) break;
      if (found.level == kCompareLevel) {
        left = ParseComparison(left);
      } else {
        lexer_.Advance();
        left = Make(found.op, {left, ParseLevel(found.level + 1)});
      }
    }
    return left;
  }

  Expression* ParseNot() {
    if (++depth_ > kMaxExpressionDepth) return Bad("is nested too deep");
    Expression* negated = Make(Op::kNot, {ParseLevel(kNotLevel)});
    --depth_;
    return negated;
  }

  /// One comparison, or several that share their operands.
  Expression* ParseComparison(const Expression* left) {
    std::vector<const Expression*> chain;
    for (;;) {
      Operator found = OperatorOf(lexer_.token());
      if (found.level != kCompareLevel) break;
      lexer_.Advance();
      if (found.op == Op::kNotIn && !Expect("in")) return nullptr;
      if (found.op == Op::kIs && Take("not")) found.op = Op::kIsNot;
      const Expression* right = ParseLevel(kSumLevel);
      Expression* comparison = Make(found.op, {left, right});
      if (comparison == nullptr) return nullptr;
      chain.push_back(comparison);
      left = right;
    }
    return chain.size() == 1 ? const_cast<Expression*>(chain[0]) : MakeList(Op::kChain, chain);
  }

  Expression* ParseUnary() {
    if (++depth_ > kMaxExpressionDepth) return Bad("is nested too deep");
    Expression* result = nullptr;
    if (Take("-")) {
      result = Make(Op::kNegate, {ParseUnary()});
    } else if (Take("+")) {
      result = Make(Op::kPlus, {ParseUnary()});
    } else {
      result = ParsePostfix();
      // ** binds tighter than a minus on its left, looser than one on its right, and groups from the right.
      if (result != nullptr && Take("**")) result = Make(Op::kPower, {result, ParseUnary()});
    }
    --depth_;
    return result;
  }

  Expression* ParsePostfix() {
    Expression* base = ParsePrimary();
    while (base != nullptr) {
      if (Take(".")) {
        if (lexer_.token().kind != TokenKind::kName) return Bad("lacks a name after a dot");
        if ((base = Make(Op::kAttribute, {base})) == nullptr) return nullptr;
        base->name = context_.Intern(lexer_.token().text);
        lexer_.Advance();
      } else if (Take("[")) {
        base = ParseSubscript(base);
      } else {
        break;
      }
    }
    return base;
  }

  Expression* ParseSubscript(const Expression* base) {
    std::vector<const Expression*> arguments = {base};
    bool slice = false;
    for (bool more = true; more;) {
      const Expression* part = nullptr;
      if (!lexer_.Is(":") && !lexer_.Is("]") && (part = ParseConditional()) == nullptr) return nullptr;
      arguments.push_back(part);
      more = Take(":");
      slice |= more;
    }
    if (!Expect("]")) return nullptr;
    if (!slice) {
      return arguments[1] == nullptr ? Bad("lacks an index") : Make(Op::kIndex, {base, arguments[1]});
    }
    if (arguments.size() > 4) return Bad("has a slice of too many parts");
    arguments.resize(4, nullptr);
    return MakeList(Op::kSlice, arguments);
  }

  Expression* ParsePrimary() {
    const Token token = lexer_.token();
    lexer_.Advance();
    switch (token.kind) {
      case TokenKind::kNumber: {
        Value value;
        return ReadNumber(token.text, &value) ? Literal(value) : Bad("has a bad number");
      }
      case TokenKind::kString:
        return Literal(Value::String(token.text));
      case TokenKind::kName:
        return ParseName(token.text);
      default:
        break;
    }
    if (token.text == "(") {
      Expression* inner = ParseConditional();
      return inner != nullptr && Expect(")") ? inner : nullptr;
    }
    if (token.text == "[") return ParseList();
    return Bad("has something where a value should stand");
  }

  Expression* ParseName(std::string_view word) {
    if (word == "True" || word == "False") return Literal(Value::Bool(word == "True"));
    if (word == "None") return Literal(Value());
    if (IsReserved(word)) return Bad("has a word of the language where a value should stand");
    if (Take("(")) return ParseCall(word);
    Expression* expression = context_.arena.New<Expression>(Op::kName);
    expression->name = word.size() == text_.size() ? &whole_ : context_.Intern(word);
    return expression;
  }

  Expression* ParseCall(std::string_view word) {
    std::vector<const Expression*> arguments;
    while (!Take(")")) {
      if (!arguments.empty() && !Expect(",")) return nullptr;
      arguments.push_back(ParseConditional());
      if (arguments.back() == nullptr) return nullptr;
    }
    if (word == "given") {
      if (arguments.size() != 1 || !arguments[0]->literal.is_string()) return Bad("calls given() without a key");
      Expression* expression = context_.arena.New<Expression>(Op::kGiven);
      expression->name = context_.Intern(arguments[0]->literal.as_string());
      return expression;
    }
    const FunctionInfo* function = FindFunction(word);
    if (function == nullptr) return Bad("calls an unknown function");
    if (arguments.size() < function->min_arguments || arguments.size() > function->max_arguments) {
      return Bad("calls a function with too few or many arguments");
    }
    Expression* expression = MakeList(Op::kCall, arguments);
    if (expression == nullptr) return nullptr;
    expression->function = function->function;
    return expression;
  }

  Expression* ParseList() {
    std::vector<const Expression*> items;
    while (!Take("]")) {
      if (!items.empty() && !Expect(",")) return nullptr;
      if (Take("]")) break;  // a comma may stand at the end
      items.push_back(ParseConditional());
      if (items.back() == nullptr) return nullptr;
      if (items.size() == 1 && lexer_.Is("for")) return ParseComprehension(items.front());
    }
    return MakeList(Op::kList, items);
  }

  Expression* ParseComprehension(const Expression* body) {
    std::vector<const Expression*> parts = {body};
    while (!Take("]")) {
      Expression* clause = nullptr;
      if (Take("for")) {
        if (lexer_.token().kind != TokenKind::kName) return Bad("lacks a loop's name");
        const Name* name = context_.Intern(lexer_.token().text);
        lexer_.Advance();
        if (!Expect("in")) return nullptr;
        clause = Make(Op::kFor, {ParseLevel(kOrLevel)});
        if (clause != nullptr) clause->name = name;
      } else if (Take("if")) {
        clause = Make(Op::kIf, {ParseLevel(kOrLevel)});
      } else {
        return Bad("has a list that does not end");
      }
      if (clause == nullptr) return nullptr;
      parts.push_back(clause);
    }
    return MakeList(Op::kComprehension, parts);
  }

  Context& context_;
  const Name& whole_;
  std::string_view text_;
  Lexer lexer_;
  int depth_ = 0;
};

}  // namespace

const Expression* ParseExpression(Context& context, std::string_view text) {
  // The same texts stand in many places of a blueprint: each is read once.
  Name* name = context.Intern(text);
  if (name->expression == nullptr) name->expression = Parser(context, *name).Parse();
  return name->expression;
}

const Expression* ParseExpression(Context& context, const Value& value) {
  if (value.is_string()) return ParseExpression(context, value.as_string());
  if (value.is_integral()) {
    Expression* expression = context.arena.New<Expression>();
    expression->literal = value;
    expression->source = value.is_int()    ? context.arena.Copy(IntText(value.as_int()))
                         : value.as_bool() ? "True"
                                           : "False";
    return expression;
  }
  context.Fail(ErrorCode::kInvalidBlueprint, "expression",
               {"An expression is a string or an integer, not ", KindName(value.kind()), "."});
  return nullptr;
}

std::string NameToBlame(const Expression& expression) {
  if (expression.op == Op::kName || expression.op == Op::kGiven) return std::string(expression.name->text);
  if ((expression.op == Op::kIn || expression.op == Op::kNotIn) && expression.arguments[0]->op == Op::kLiteral &&
      expression.arguments[0]->literal.is_string() && expression.arguments[1]->op == Op::kName &&
      expression.arguments[1]->name->text == "config_json")
    return std::string(expression.arguments[0]->literal.as_string());  // the key of the file that is asked for
  // Not the body, which may begin with a name of the comprehension's own.
  if (expression.op == Op::kComprehension) return NameToBlame(*expression.arguments[1]);
  for (const Expression* argument : expression.arguments) {
    if (argument == nullptr) continue;
    // The left side of each comparison in a chain was the right one of that before.
    const bool goes_on = expression.op == Op::kChain && argument != expression.arguments[0];
    std::string name = NameToBlame(goes_on ? *argument->arguments[1] : *argument);
    if (name.empty()) continue;
    if (expression.op == Op::kAttribute) name.append(".").append(expression.name->text);
    return name;
  }
  return {};
}

}  // namespace tare
