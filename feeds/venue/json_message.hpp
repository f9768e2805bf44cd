#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "feeds/venue/json_tokens.hpp"
#include "feeds/venue/reject.hpp"

// Reading a venue's JSON once from front to back, for the parsers of this folder.
//
// Keys and strings are compared as they are written: no venue escapes any. A scalar is taken as its
// text, a string without its quotes; null is no text (no data pointer), "" is an empty one. What is
// not looked at is only checked to have its brackets in balance.

namespace plimsoll::feeds::json {

/// The key of a field. Comparing it with a literal compares words, not bytes.
class Key : public std::string_view {
 public:
  using std::string_view::string_view;
  template <std::size_t kSize>
  friend bool operator==(Key key, const char (&name)[kSize]) noexcept {
    return key.size() == kSize - 1 && std::memcmp(key.data(), name, kSize - 1) == 0;
  }
};

/// The text of a scalar token, which may have white space after it. Returns false when the token is
/// no scalar that ends where it should; the opening bracket of what is no scalar is its text.
[[nodiscard]] inline bool read_scalar(std::string_view token, std::string_view& text) noexcept {
  if (token.empty()) return false;  // a token of the end
  while (token.size() > 1 && static_cast<unsigned char>(token.back()) <= ' ')
    token.remove_suffix(1);
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

/// A value of a message, which its reader may open, once, or leave.
class Value {
 public:
  explicit Value(const Cursor& at) noexcept : at_{at} {}
  [[nodiscard]] bool is_object() const noexcept { return at_.is('{'); }
  [[nodiscard]] bool is_array() const noexcept { return at_.is('['); }
  /// Where it stands; once it was opened and read, what follows it.
  [[nodiscard]] const Cursor& at() const noexcept { return at_; }
  void leave_at(const Cursor& at) noexcept { at_ = at; }

 private:
  Cursor at_;
};

[[nodiscard]] inline Reject text_of(const Value& value, std::string_view& text) noexcept {
  const Cursor& at = value.at();
  return !at.at_end() && read_scalar(at.token(), text) ? Reject::none : Reject::malformed_json;
}

/// Moves a cursor over the value that it stands at, whose reader may have done so.
[[nodiscard]] inline bool leave_value(Cursor& cursor, const Value& value) noexcept {
  if (value.at() == cursor) return cursor.skip_value();
  cursor = value.at();
  return true;
}

/// Moves from the key of a field to its value; more tokens follow there.
[[nodiscard]] inline bool take_key(Cursor& cursor, Key& key) noexcept {
  constexpr std::ptrdiff_t kTokensMin = 4;  // the key, a colon, the value, and what ends it
  if (!cursor.has(kTokensMin) || cursor.first() != '"' || cursor.second() != ':') return false;
  std::string_view text;
  if (!read_scalar(cursor.token(), text)) return false;
  key = {text.data(), text.size()};
  cursor.advance();
  cursor.advance();
  return true;
}

/// Opens a value as an object and calls on_field(key, value) for every field until one is not
/// Reject::none; what is no object is malformed for the venue.
template <class OnField>
[[nodiscard]] inline Reject for_each_field_of(Value& object, OnField&& on_field) {
  Cursor cursor = object.at();  // of its own: nobody else's to change
  if (!cursor.take('{')) return Reject::malformed_json;
  if (!cursor.take('}')) {
    do {
      Key key;
      if (!take_key(cursor, key)) return Reject::malformed_json;
      Value value{cursor};
      const Reject reject = on_field(key, value);
      if (reject != Reject::none) return reject;
      if (!leave_value(cursor, value)) return Reject::malformed_json;
    } while (cursor.take(','));
    if (!cursor.take('}')) return Reject::malformed_json;
  }
  object.leave_at(cursor);
  return Reject::none;
}

/// The same for the elements of an array: on_element(value).
template <class OnElement>
[[nodiscard]] inline Reject for_each_element_of(Value& array, OnElement&& on_element) {
  Cursor cursor = array.at();
  if (!cursor.take('[')) return Reject::malformed_json;
  if (!cursor.take(']')) {
    do {
      Value value{cursor};
      const Reject reject = on_element(value);
      if (reject != Reject::none) return reject;
      if (!leave_value(cursor, value)) return Reject::malformed_json;
    } while (cursor.take(','));
    if (!cursor.take(']')) return Reject::malformed_json;
  }
  array.leave_at(cursor);
  return Reject::none;
}

/// Reads the scalars of an object that have a slot: slot_of(key) is its index in `texts`, or -1.
template <std::size_t kTexts, class SlotOf>
[[nodiscard]] Reject read_row(Value& value, std::array<std::string_view, kTexts>& texts,
                              SlotOf&& slot_of) {
  return for_each_field_of(value, [&](Key key, Value& field) {
    const int slot = slot_of(key);
    return slot < 0 ? Reject::none : text_of(field, texts[static_cast<std::size_t>(slot)]);
  });
}

/// A message, read field by field.
class Message {
 public:
  /// Reads a message whose root is an object, to its end: one that is cut short does not pass for a
  /// whole one, unless `on_field` ends it with a reason. A list is an unknown message.
  template <class OnField>
  [[nodiscard]] Reject read(std::string_view text, OnField&& on_field) {
    const Reject reject = tokens_.index(text);
    if (reject != Reject::none) return reject;
    if (tokens_.begin().is('[')) return Reject::unknown_message;
    return read_again(on_field);
  }

  /// Reads the message of the last call of read() once more.
  template <class OnField>
  [[nodiscard]] Reject read_again(OnField&& on_field) {
    Value root{tokens_.begin()};
    const Reject reject = for_each_field_of(root, on_field);
    if (reject != Reject::none) return reject;
    return root.at().at_end() ? Reject::none : Reject::malformed_json;
  }

 private:
  Tokens tokens_;
};

}  // namespace plimsoll::feeds::json
