#include "feeds/venue/json_value.hpp"

#include <simdjson.h>

namespace plimsoll::feeds {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr int kDepthMax = 32;

simdjson::error_code read_value(ondemand::value value, int depth, JsonValue& result);

simdjson::error_code read_object(ondemand::object object, int depth, JsonValue& result) {
  result.kind = JsonValue::Kind::object;
  for (auto item : object) {
    ondemand::field field;
    if (const auto error = std::move(item).get(field); error != simdjson::SUCCESS) return error;
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key); error != simdjson::SUCCESS) return error;
    JsonMember& member = result.members.emplace_back(JsonMember{std::string{key}, {}});
    const auto error = read_value(field.value(), depth + 1, member.value);
    if (error != simdjson::SUCCESS) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code read_array(ondemand::array array, int depth, JsonValue& result) {
  result.kind = JsonValue::Kind::array;
  for (auto item : array) {
    ondemand::value value;
    if (const auto error = item.get(value); error != simdjson::SUCCESS) return error;
    JsonMember& member = result.members.emplace_back(JsonMember{});
    const auto error = read_value(value, depth + 1, member.value);
    if (error != simdjson::SUCCESS) return error;
  }
  return simdjson::SUCCESS;
}

/// A number, true, false or null: what is no number is found out by whoever needs one.
simdjson::error_code read_token(ondemand::value value, JsonValue& result) {
  std::string_view token = value.raw_json_token();
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.remove_suffix(1);
  if (token == "null") return simdjson::SUCCESS;
  result.kind = JsonValue::Kind::scalar;
  result.text = token;
  return simdjson::SUCCESS;
}

simdjson::error_code read_value(ondemand::value value, int depth, JsonValue& result) {
  if (depth > kDepthMax) return simdjson::DEPTH_ERROR;
  ondemand::json_type type{};
  if (const auto error = value.type().get(type); error != simdjson::SUCCESS) return error;
  if (type == ondemand::json_type::object) {
    ondemand::object object;
    const auto error = value.get_object().get(object);
    return error == simdjson::SUCCESS ? read_object(object, depth, result) : error;
  }
  if (type == ondemand::json_type::array) {
    ondemand::array array;
    const auto error = value.get_array().get(array);
    return error == simdjson::SUCCESS ? read_array(array, depth, result) : error;
  }
  if (type != ondemand::json_type::string) return read_token(value, result);
  std::string_view text;
  const auto error = value.get_string().get(text);
  result.kind = JsonValue::Kind::scalar;
  result.text = text;
  return error;
}

simdjson::error_code read_document(ondemand::parser& parser, const simdjson::padded_string& json,
                                   JsonValue& result) {
  ondemand::document document;
  if (const auto error = parser.iterate(json).get(document); error != simdjson::SUCCESS) {
    return error;
  }
  ondemand::value root;
  if (const auto error = document.get_value().get(root); error != simdjson::SUCCESS) return error;
  if (const auto error = read_value(root, 1, result); error != simdjson::SUCCESS) return error;
  // Something after the root: current_location() has an error only at the end.
  const char* rest = nullptr;
  return document.current_location().get(rest) == simdjson::SUCCESS ? simdjson::TRAILING_CONTENT
                                                                    : simdjson::SUCCESS;
}

}  // namespace

const JsonValue* JsonValue::find(std::string_view key) const noexcept {
  for (const auto& [name, value] : members) {
    if (name == key) return &value;
  }
  return nullptr;
}

JsonResult parse_json(std::string_view json) {
  const simdjson::padded_string padded{json};
  ondemand::parser parser;
  JsonResult result;
  const auto error = read_document(parser, padded, result.root);
  if (error != simdjson::SUCCESS) {
    result.error =
        std::string{"not one whole JSON object or list: "} + simdjson::error_message(error);
  }
  return result;
}

}  // namespace plimsoll::feeds
