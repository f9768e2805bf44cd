#include "feeds/venue/binance/parser.hpp"

#include <bit>
#include <new>

#include <simdjson.h>

#include "feeds/venue/binance/body.hpp"
#include "feeds/venue/binance/fields.hpp"

namespace plimsoll::feeds::binance {
namespace {

namespace ondemand = simdjson::ondemand;

static_assert(Parser::kPadding >= simdjson::SIMDJSON_PADDING);

constexpr std::size_t kCapacityAtStart = 64U << 10U;

/// The text of a scalar token, which may have white space after it. Returns false when the token is
/// no scalar that ends where it should.
bool read_scalar(std::string_view token, std::string_view& text) noexcept {
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.remove_suffix(1);
  if (token.empty()) return false;
  if (token.front() == '"') {
    if (token.size() < 2 || token.back() != '"') return false;
    text = token.substr(1, token.size() - 2);
  } else if (token == "null") {
    text = {};
  } else {
    text = token;
  }
  return true;
}

/// Takes over one field of a message. Keys are compared as they are written: the venue escapes
/// none.
Reject read_field(ondemand::field& field, Fields& fields) noexcept {
  const char* key = field.key().raw();
  if (key[0] == '"' || key[1] != '"') return Reject::none;
  std::string_view text;
  if (key[0] == 'e') {
    if (!read_scalar(field.value().raw_json_token(), text)) return Reject::malformed_json;
    if (text.data() != nullptr) fields.kind = kind_of(text);
    return fields.kind == Kind::other ? Reject::unknown_message : Reject::none;
  }
  std::string_view* target = field_of(fields, key[0]);
  if (target == nullptr) return Reject::none;
  if (!read_scalar(field.value().raw_json_token(), text)) return Reject::malformed_json;
  *target = text;
  return Reject::none;
}

/// Reads a message to its end: one that is cut short must not pass for a whole one.
Reject read_message(ondemand::object& message, Fields& fields) noexcept {
  for (auto item : message) {
    ondemand::field field;
    if (std::move(item).get(field) != simdjson::SUCCESS) return Reject::malformed_json;
    const Reject reject = read_field(field, fields);
    if (reject != Reject::none) return reject;
  }
  return Reject::none;
}

/// Reads the root object: a bare message, or the envelope of one. Inside an envelope only `data`
/// counts.
Reject read_root(ondemand::object& root, Fields& fields) noexcept {
  bool enveloped = false;
  for (auto item : root) {
    ondemand::field field;
    if (std::move(item).get(field) != simdjson::SUCCESS) return Reject::malformed_json;
    Reject reject = Reject::none;
    if (field.key().unsafe_is_equal("data")) {
      ondemand::object data;
      if (field.value().get_object().get(data) != simdjson::SUCCESS) return Reject::unknown_message;
      enveloped = true;
      fields = {};
      reject = read_message(data, fields);
    } else if (!enveloped) {
      reject = read_field(field, fields);
    }
    if (reject != Reject::none) return reject;
  }
  return Reject::none;
}

Reject read_document(ondemand::parser& parser, std::string_view json, Fields& fields) noexcept {
  if (json.size() > Parser::kMessageLengthMax) return Reject::message_too_long;
  if (json.size() > parser.capacity() &&
      parser.allocate(std::bit_ceil(json.size()), parser.max_depth()) != simdjson::SUCCESS) {
    return Reject::message_too_long;
  }
  ondemand::document document;
  const simdjson::padded_string_view padded(json.data(), json.size(),
                                            json.size() + Parser::kPadding);
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return Reject::malformed_json;
  ondemand::json_type type{};
  if (document.type().get(type) != simdjson::SUCCESS) return Reject::malformed_json;
  if (type == ondemand::json_type::array) return Reject::unknown_message;
  ondemand::object root;
  if (document.get_object().get(root) != simdjson::SUCCESS) return Reject::malformed_json;
  const Reject reject = read_root(root, fields);
  if (reject != Reject::none) return reject;
  // Something after the object: current_location() has an error only at the end.
  const char* rest = nullptr;
  if (document.current_location().get(rest) == simdjson::SUCCESS) return Reject::malformed_json;
  return fields.kind == Kind::none ? Reject::no_event_type : Reject::none;
}

}  // namespace

struct Parser::Scratch {
  ondemand::parser parser;
};

Parser::Parser(const reference::Reference& reference)
    : symbols_{reference}, scratch_{std::make_unique<Scratch>()} {
  if (scratch_->parser.allocate(kCapacityAtStart) != simdjson::SUCCESS) throw std::bad_alloc{};
}

Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;
Parser::~Parser() = default;

Parsed Parser::parse(std::string_view json) noexcept {
  Fields fields;
  const Reject reject = read_document(scratch_->parser, json, fields);
  if (reject != Reject::none) return {reject, {}};
  return make_body(fields, symbols_);
}

}  // namespace plimsoll::feeds::binance
