// SPDX-License-Identifier: Apache-2.0
#include "report.h"

namespace tare {
namespace {

/// What a reader wants to know beside the sizes, under the names that most config classes use.
constexpr std::string_view kFacts[] = {"max_position_embeddings",
                                       "n_positions",
                                       "num_hidden_layers",
                                       "hidden_size",
                                       "num_attention_heads",
                                       "num_key_value_heads",
                                       "intermediate_size",
                                       "vocab_size",
                                       "image_size",
                                       "num_classes",
                                       "dtype",
                                       "torch_dtype"};

void WriteRow(JsonWriter& json, const Row& row) {
  json.Open('{')
      .Key("dtype")
      .Text(row.dtype)
      .Key("largest_layer_bytes")
      .Bytes(row.largest)
      .Key("total_bytes")
      .Bytes(row.total);
  json.Key("training_bytes");
  if (row.trained)
    json.Bytes(row.training);
  else
    json.Null();
  json.Key("text")
      .Open('[')
      .Text(ByteText(row.largest))
      .Text(ByteText(row.total))
      .Text(row.trained ? ByteText(row.training) : "N/A");
  json.Close(']').Close('}');
}

void WriteFacts(JsonWriter& json, const Object& attributes) {
  json.Open('[');
  for (const std::string_view key : kFacts) {
    const Value* value = attributes.Find(key);
    if (value == nullptr || !(value->is_int() || value->is_string())) continue;
    json.Open('{').Key("key").Text(key).Key("value");
    if (value->is_int())
      json.Int(value->as_int());
    else
      json.Text(value->as_string());
    json.Close('}');
  }
  json.Close(']');
}

void WriteCell(JsonWriter& json, const FitCell& cell) {
  json.Open('{').Key("verdict").Text(VerdictName(cell.verdict)).Key("needed_bytes").Int(cell.needed_bytes);
  json.Key("available_bytes").Int(cell.available_bytes).Key("cards");
  if (cell.cards > 0)
    json.Int(cell.cards);
  else
    json.Null();
  json.Close('}');
}

void WriteFit(JsonWriter& json, const Fit& fit) {
  json.Open('{').Key("gpu").Text(fit.gpu).Key("dtype").Text(fit.dtype);
  WriteCell(json.Key("run"), fit.run);
  WriteCell(json.Key("full"), fit.full);
  WriteCell(json.Key("lora"), fit.lora);
  json.Close('}');
}

void WriteLora(JsonWriter& json, const LoraCount& lora) {
  json.Open('{').Key("trainable_parameters").Int(lora.trainable_parameters).Key("matched").Open('[');
  for (const LoraTarget& target : lora.matched) {
    json.Open('{').Key("target").Text(target.target).Key("modules").Int(target.modules).Close('}');
  }
  json.Close(']').Close('}');
}

}  // namespace

std::string ReportText(const Report& report) {
  JsonWriter json;
  const Totals& totals = report.model->totals;
  json.Open('{')
      .Key("library")
      .Text(report.library)
      .Key("model_type")
      .Text(report.model_type)
      .Key("class")
      .Text(report.model->class_name);
  json.Key("total_bytes").Bytes(report.total).Key("tied_total_bytes").Bytes(report.tied_total);
  json.Key("largest_layer_bytes").Bytes(report.largest.bytes).Key("largest_layer_names").Open('[');
  for (const std::string& name : report.largest.names) json.Text(name);
  json.Close(']').Key("parameter_count").Int(totals.parameters).Key("buffer_bytes").Bytes({totals.buffer_eighths});
  json.Key("rows").Open('[');
  for (const Row& row : report.rows) WriteRow(json, row);
  json.Close(']').Key("counts").Open('[');
  for (const Count& count : report.counts) {
    json.Open('{')
        .Key("way")
        .Text(count.way)
        .Key("class")
        .Text(count.class_name)
        .Key("total_bytes")
        .Bytes(count.total)
        .Close('}');
  }
  json.Close(']').Key("source").Text(std::string(report.library) + " " + std::string(report.version));
  WriteFacts(json.Key("facts"), *report.attributes);
  if (report.has_lora) WriteLora(json.Key("lora"), report.lora);
  if (report.has_fits) {
    json.Key("fit").Open('[');
    for (const Fit& fit : report.fits) WriteFit(json, fit);
    json.Close(']');
  }
  if (report.has_tree) WriteTree(json.Key("tree"), *report.model);
  return json.Close('}').Take();
}

std::string ErrorText(const Error& error) {
  JsonWriter json;
  json.Open('{').Key("error").Open('{').Key("code").Text(ErrorName(error.code)).Key("where").Text(error.where);
  return json.Key("text").Text(error.text).Close('}').Close('}').Take();
}

}  // namespace tare
