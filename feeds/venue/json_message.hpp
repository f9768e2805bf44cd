#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include <simdjson.h>

#include "feeds/venue/reject.hpp"
#include "feeds/venue/venue_parser.hpp"

// Reading a venue's JSON once from front to back, for the parsers of this folder.
//
// Keys and strings are compared as they are written: no venue escapes any. A scalar is taken as its
// text, a string without its quotes; null is no text (no data pointer), "" is an empty one.

namespace plimsoll::feeds::json {

namespace ondemand = simdjson::ondemand;

static_assert(VenueParser::kPadding >= simdjson::SIMDJSON_PADDING);

/// The key of a field. Comparing it with a literal compares words, not bytes.
class Key : public std::string_view {
 public:
  using std::string_view::string_view;
  template <std::size_t kSize>
  friend bool operator==(Key key, const char (&name)[kSize]) noexcept {
    return key.size() == kSize - 1 && std::memcmp(key.data(), name, kSize - 1) == 0;
  }
};

[[nodiscard]] inline Key key_of(ondemand::field& field) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
  const char* text = field.key().raw();
  for (std::size_t length = 0;; length += 8) {  // the library saw that there is a closing quote
    std::uint64_t word = 0;
    std::memcpy(&word, text + length, sizeof word);
    word ^= kOnes * static_cast<unsigned char>('"');
    const std::uint64_t zeros = (word - kOnes) & ~word & (kOnes << 7U);
    if (zeros == 0) continue;
    return {text, length + static_cast<std::size_t>(std::countr_zero(zeros)) / 8};
  }
}

/// The text of a scalar token, which may have white space after it. Returns false when the token is
/// no scalar that ends where it should; the opening bracket of what is no scalar is its text.
[[nodiscard]] inline bool read_scalar(std::string_view token, std::string_view& text) noexcept {
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.remove_suffix(1);
  if (token.empty()) return false;
  if (token.front() == '"') {
    if (token.size() < 2 || token.back() != '"') return false;
    text = token.substr(1, token.size() - 2);
  } else if (token.front() == 'n' && token == "null") {
    text = {};
  } else {
    text = token;
  }
  return true;
}

[[nodiscard]] inline Reject text_of(ondemand::value& value, std::string_view& text) noexcept {
  return read_scalar(value.raw_json_token(), text) ? Reject::none : Reject::malformed_json;
}

/// Calls on_field(key, value) for every field until one is not Reject::none.
template <class OnField>
[[nodiscard]] Reject for_each_field(ondemand::object& object, OnField&& on_field) {
  for (auto item : object) {
    ondemand::field field;
    if (std::move(item).get(field) != simdjson::SUCCESS) return Reject::malformed_json;
    const Reject reject = on_field(key_of(field), field.value());
    if (reject != Reject::none) return reject;
  }
  return Reject::none;
}

/// Calls on_element(value) for every element until one is not Reject::none.
template <class OnElement>
[[nodiscard]] Reject for_each_element(ondemand::array& array, OnElement&& on_element) {
  for (auto item : array) {
    ondemand::value value;
    if (std::move(item).get(value) != simdjson::SUCCESS) return Reject::malformed_json;
    const Reject reject = on_element(value);
    if (reject != Reject::none) return reject;
  }
  return Reject::none;
}

/// Opens a value as an object and reads its fields; what is none is malformed for the venue.
template <class OnField>
[[nodiscard]] Reject for_each_field_of(ondemand::value& value, OnField&& on_field) {
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return Reject::malformed_json;
  return for_each_field(object, on_field);
}

/// The same for the elements of an array.
template <class OnElement>
[[nodiscard]] Reject for_each_element_of(ondemand::value& value, OnElement&& on_element) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return Reject::malformed_json;
  return for_each_element(array, on_element);
}

/// Reads the scalars of an object that have a slot: slot_of(key) is its index in `texts`, or -1.
template <std::size_t kTexts, class SlotOf>
[[nodiscard]] Reject read_row(ondemand::value& value, std::array<std::string_view, kTexts>& texts,
                              SlotOf&& slot_of) {
  return for_each_field_of(value, [&](Key key, ondemand::value& field) {
    const int slot = slot_of(key);
    return slot < 0 ? Reject::none : text_of(field, texts[static_cast<std::size_t>(slot)]);
  });
}

/// A message as the library reads it; keeps the buffers from one to the next.
class Message {
 public:
  Message() {
    if (parser_.allocate(kCapacityAtStart) != simdjson::SUCCESS) throw std::bad_alloc{};
  }

  /// Reads a message whose root is an object, to its end: one that is cut short does not pass for a
  /// whole one, unless `on_field` ends it with a reason. A list is an unknown message.
  template <class OnField>
  [[nodiscard]] Reject read(std::string_view text, OnField&& on_field) {
    if (text.size() > VenueParser::kMessageLengthMax) return Reject::message_too_long;
    if (text.size() > parser_.capacity() &&
        parser_.allocate(std::bit_ceil(text.size()), parser_.max_depth()) != simdjson::SUCCESS) {
      return Reject::message_too_long;
    }
    const simdjson::padded_string_view padded(text.data(), text.size(),
                                              text.size() + VenueParser::kPadding);
    if (parser_.iterate(padded).get(document_) != simdjson::SUCCESS) return Reject::malformed_json;
    ondemand::json_type type{};
    if (document_.type().get(type) != simdjson::SUCCESS) return Reject::malformed_json;
    if (type == ondemand::json_type::array) return Reject::unknown_message;
    return read_root(on_field);
  }

  /// Reads the message of the last call of read() once more.
  template <class OnField>
  [[nodiscard]] Reject read_again(OnField&& on_field) {
    document_.rewind();
    return read_root(on_field);
  }

 private:
  static constexpr std::size_t kCapacityAtStart = 64U << 10U;

  template <class OnField>
  [[nodiscard]] Reject read_root(OnField&& on_field) {
    ondemand::object root;
    if (document_.get_object().get(root) != simdjson::SUCCESS) return Reject::malformed_json;
    const Reject reject = for_each_field(root, on_field);
    if (reject != Reject::none) return reject;
    // Something after the object: current_location() has an error only at the end.
    const char* rest = nullptr;
    const bool more = document_.current_location().get(rest) == simdjson::SUCCESS;
    return more ? Reject::malformed_json : Reject::none;
  }

  ondemand::parser parser_;
  ondemand::document document_;
};

}  // namespace plimsoll::feeds::json
