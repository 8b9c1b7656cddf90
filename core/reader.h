// SPDX-License-Identifier: Apache-2.0
// Small steps shared by what reads blueprint objects.
#pragma once

#include <span>
#include <string_view>

#include "blueprint.h"
#include "context.h"

namespace tare {

/// Always false, with `invalid_blueprint`.
bool BadBlueprint(Context& context, std::string_view where, std::string_view text);
/// Each checks the value's kind and hands it on.
bool ReadText(Context& context, std::string_view key, const Value& value, std::string_view* result);
bool ReadTexts(Context& context, std::string_view key, const Value& value, std::span<const std::string_view>* result);
bool ReadObject(Context& context, std::string_view key, const Value& value, const Object** result);
bool ReadExpression(Context& context, const Value& value, const Expression** result);
bool ReadExpressions(Context& context, std::string_view key, const Value& value,
                     std::span<const Expression* const>* result);
bool ReadBindings(Context& context, std::string_view key, const Value& value, std::span<const Binding>* result);
/// A node, or a list of them.
bool ReadNodes(Context& context, std::string_view key, const Value& value, std::span<Node>* result);
/// `parameters` or `buffers`, appended.
/// in_loop: names are templates.
bool ReadTensors(Context& context, const Value& value, bool buffers, std::vector<TensorDefinition>* result,
                 bool in_loop = false);

}  // namespace tare
