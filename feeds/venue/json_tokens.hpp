#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>

#include <simdjson.h>

#include "feeds/venue/reject.hpp"
#include "feeds/venue/venue_parser.hpp"

// Where the tokens of a JSON text are, found by simdjson's first stage: brackets, colons, commas,
// and the first byte of each string or other scalar. That stage also refuses text that is not UTF-8
// and strings that do not end.
//
// Its own reader on top of it may be left and entered anywhere, and pays for that at every value.
// Venues' messages are read once from front to back, which a pointer into these places does.

namespace plimsoll::feeds::json {

static_assert(VenueParser::kPadding >= simdjson::SIMDJSON_PADDING);

/// What a token is, by its first byte.
enum class Role : std::uint8_t { scalar, opening, closing, separator };

[[nodiscard]] inline Role role_of(char first) noexcept {
  static constexpr auto kRoles = [] {
    std::array<Role, 256> roles{};
    roles['{'] = roles['['] = Role::opening;
    roles['}'] = roles[']'] = Role::closing;
    roles[':'] = roles[','] = Role::separator;
    return roles;
  }();
  return kRoles[static_cast<unsigned char>(first)];
}

/// A place among the tokens of a text. Valid until the text is gone or the next one is indexed.
class Cursor {
 public:
  Cursor() = default;
  Cursor(const char* text, const std::uint32_t* at, const std::uint32_t* end) noexcept
      : text_{text}, at_{at}, end_{end} {}

  [[nodiscard]] bool at_end() const noexcept { return at_ == end_; }
  /// Is the token there, and this one?
  [[nodiscard]] bool is(char wanted) const noexcept { return !at_end() && first() == wanted; }
  /// REQUIRES: it is not at the end.
  [[nodiscard]] const char* begin() const noexcept { return text_ + *at_; }
  /// The text from this token to the next one. REQUIRES: it is not at the end.
  [[nodiscard]] std::string_view token() const noexcept { return {begin(), at_[1] - at_[0]}; }
  /// REQUIRES: it is not at the end.
  void advance() noexcept { ++at_; }
  /// Moves over the token when it is `wanted`.
  [[nodiscard]] bool take(char wanted) noexcept {
    if (!is(wanted)) return false;
    advance();
    return true;
  }

  /// Are there this many tokens from here on?
  [[nodiscard]] bool has(std::ptrdiff_t tokens) const noexcept { return end_ - at_ >= tokens; }
  /// The first byte of the token, or of the one after it. REQUIRES: has() as many.
  [[nodiscard]] char first() const noexcept { return text_[at_[0]]; }
  [[nodiscard]] char second() const noexcept { return text_[at_[1]]; }

  /// Moves over a whole value. False when there is none, or it does not end.
  [[nodiscard]] bool skip_value() noexcept {
    if (at_end()) return false;
    const Role role = role_of(first());
    if (role == Role::opening) return skip_container();
    advance();
    return role == Role::scalar;
  }

  friend bool operator==(const Cursor& a, const Cursor& b) noexcept { return a.at_ == b.at_; }

 private:
  [[nodiscard]] bool skip_container() noexcept {
    std::size_t depth = 0;
    do {
      if (at_end()) return false;
      const Role role = role_of(first());
      depth += role == Role::opening ? 1 : 0;
      depth -= role == Role::closing ? 1 : 0;
      advance();
    } while (depth > 0);
    return true;
  }

  const char* text_{nullptr};
  const std::uint32_t* at_{nullptr};
  const std::uint32_t* end_{nullptr};  // where the length of the text stands
};

/// Finds tokens; keeps its buffer from one text to the next.
class Tokens {
 public:
  Tokens() {
    if (parser_.allocate(kCapacityAtStart) != simdjson::SUCCESS) throw std::bad_alloc{};
  }

  /// REQUIRES: VenueParser::kPadding readable bytes after `text`.
  [[nodiscard]] Reject index(std::string_view text) noexcept {
    if (text.size() > VenueParser::kMessageLengthMax) return Reject::message_too_long;
    if (text.size() > parser_.capacity() &&
        parser_.allocate(std::bit_ceil(text.size())) != simdjson::SUCCESS) {
      return Reject::message_too_long;
    }
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto error =
        parser_.implementation->stage1(bytes, text.size(), simdjson::stage1_mode::regular);
    if (error != simdjson::SUCCESS) return Reject::malformed_json;
    const std::uint32_t* first = parser_.implementation->structural_indexes.get();
    begin_ = {text.data(), first, first + parser_.implementation->n_structural_indexes};
    return Reject::none;
  }

  /// The first token of the text that was indexed last.
  [[nodiscard]] Cursor begin() const noexcept { return begin_; }

 private:
  static constexpr std::size_t kCapacityAtStart = 64U << 10U;

  simdjson::dom::parser parser_;
  Cursor begin_;
};

}  // namespace plimsoll::feeds::json
