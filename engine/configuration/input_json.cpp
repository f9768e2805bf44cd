#include "engine/configuration/input_json.hpp"

#include <algorithm>

#include <simdjson.h>

#include "engine/configuration/error.hpp"
#include "engine/configuration/json_token.hpp"

namespace plimsoll::configuration {
namespace {

namespace ondemand = simdjson::ondemand;
static_assert(InputJsonParser::kPadding >= simdjson::SIMDJSON_PADDING);

bool refuse(InputFault& fault, std::string field, std::string value, std::string reason) {
  fault = {std::move(field), std::move(value), std::move(reason)};
  return false;
}

bool malformed(InputFault& fault, simdjson::error_code error) {
  return refuse(fault, {}, {}, std::string{"malformed JSON: "} + simdjson::error_message(error));
}

/// Takes the token of a value. Nothing that has an escape in it is a name or a number here.
bool take_value(ondemand::value value, JsonScalar& scalar, InputFault& fault) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return malformed(fault, error);
  if (type == ondemand::json_type::array || type == ondemand::json_type::object) {
    return refuse(fault, std::string{scalar.key}, {}, "must be a text, a number, true or false");
  }
  scalar.text = trim_token(value.raw_json_token());
  scalar.quoted = type == ondemand::json_type::string;
  if (!scalar.quoted) return true;
  if (scalar.text.size() < 2 || scalar.text.back() != '"') {
    return malformed(fault, simdjson::STRING_ERROR);
  }
  scalar.text = scalar.text.substr(1, scalar.text.size() - 2);
  return true;
}

}  // namespace

struct InputJsonParser::Json {
  ondemand::parser parser;
};

InputJsonParser::InputJsonParser() : json_{std::make_unique<Json>()} {}
InputJsonParser::~InputJsonParser() = default;

bool InputJsonParser::parse(std::string_view line, std::vector<JsonScalar>& values,
                            InputFault& fault) {
  values.clear();
  ondemand::document document;
  ondemand::object object;
  const auto opened = json_->parser.iterate(line, line.size() + kPadding).get(document);
  if (opened) return malformed(fault, opened);
  if (const auto error = document.get_object().get(object)) return malformed(fault, error);
  for (auto field : object) {
    JsonScalar scalar;
    ondemand::value value;
    if (const auto error = field.unescaped_key().get(scalar.key)) return malformed(fault, error);
    if (const auto error = field.value().get(value)) return malformed(fault, error);
    const bool twice = std::any_of(values.begin(), values.end(),
                                   [&](const auto& other) { return other.key == scalar.key; });
    if (twice) return refuse(fault, std::string{scalar.key}, {}, "appears twice");
    if (!take_value(value, scalar, fault)) return false;
    values.push_back(scalar);
  }
  const char* rest = nullptr;
  if (document.current_location().get(rest) == simdjson::SUCCESS) {
    return refuse(fault, {}, {}, "malformed JSON: more than one value in the line");
  }
  return true;
}

}  // namespace plimsoll::configuration
