#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "engine/value/types.hpp"
#include "feeds/venue/reject.hpp"

// Numbers and times from the text of a message, eight digits at a time. No double on the way.

namespace plimsoll::feeds {

/// Bytes after a text that must be readable; their content does not matter.
inline constexpr std::size_t kTextPadding = 8;

/// What becomes of digits finer than 1e-9.
enum class Finer : std::uint8_t { refused, cut_off };

namespace digits {

inline constexpr std::array<std::int64_t, 10> kPowers{
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

/// Eight bytes of text as the values of digits: 0 to 9 where they are some.
[[nodiscard]] inline std::uint64_t load(const char* text) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, text, sizeof word);
  return word ^ 0x3030303030303030ULL;
}

/// How many bytes of a loaded word are digits, from the first on.
[[nodiscard]] inline std::size_t count(std::uint64_t word) noexcept {
  const std::uint64_t others = ((word + 0x7676767676767676ULL) | word) & 0x8080808080808080ULL;
  return static_cast<std::size_t>(std::countr_zero(others)) / 8;  // 8 when there is no other
}

/// The number that the first `length` digits of a loaded word are. REQUIRES: 1 <= length <= 8.
[[nodiscard]] inline std::int64_t value(std::uint64_t word, std::size_t length) noexcept {
  word <<= 64 - 8 * length;  // leading zeros
  word = word * 10 + (word >> 8U);
  const std::uint64_t low = (word & 0x000000ff000000ffULL) * 0x000f424000000064ULL;
  const std::uint64_t high = ((word >> 16U) & 0x000000ff000000ffULL) * 0x0000271000000001ULL;
  return static_cast<std::int64_t>((low + high) >> 32U);
}

}  // namespace digits

/// Reads a price of another form than digits, a point and at most eight digits. Returns bad_price
/// or none.
[[nodiscard]] Reject read_long_price(std::string_view text, Finer finer, Price& price) noexcept;

/// Reads a whole text as a price. REQUIRES: kTextPadding readable bytes after it.
[[nodiscard]] inline Reject read_price(std::string_view text, Finer finer, Price& price) noexcept {
  if (!text.empty()) {
    const std::uint64_t front = digits::load(text.data());
    const std::size_t whole = digits::count(front);
    if (whole - 1 < 7 && whole <= text.size()) {  // 1 to 7 digits: no overflow
      const std::int64_t units = digits::value(front, whole) * digits::kPowers[9];
      const std::size_t rest = text.size() - whole;
      if (rest == 0) {
        price = Price::from_raw(units);
        return Reject::none;
      }
      const std::size_t decimals = rest - 1;
      if (text[whole] == '.' && decimals - 1 < 8) {  // 1 to 8 digits
        const std::uint64_t back = digits::load(text.data() + whole + 1);
        if (digits::count(back) >= decimals) {
          const std::int64_t fraction = digits::value(back, decimals);
          price = Price::from_raw(units + fraction * digits::kPowers[9 - decimals]);
          return Reject::none;
        }
      }
    }
  }
  return read_long_price(text, finer, price);
}

/// The unit of a time that is a count since 1970-01-01 UTC.
enum class TimeUnit : std::uint8_t { milliseconds, microseconds };

/// Reads a count of a unit of another form than digits of today's length. bad_time or none.
[[nodiscard]] Reject read_long_count(std::string_view text, TimeUnit unit,
                                     EventTime& time) noexcept;

/// Reads a count of milliseconds or microseconds; without text the time is 0. REQUIRES:
/// kTextPadding readable bytes after it.
[[nodiscard]] inline Reject read_count(std::string_view text, TimeUnit unit,
                                       EventTime& time) noexcept {
  if (text.data() == nullptr) return Reject::none;
  const std::size_t length = unit == TimeUnit::milliseconds ? 13 : 16;
  if (text.size() == length) {
    const std::uint64_t front = digits::load(text.data());
    const std::uint64_t back = digits::load(text.data() + 8);
    if (digits::count(front) == 8 && digits::count(back) >= length - 8) {
      const std::int64_t high = digits::value(front, 8);
      if (length == 13 && high <= 92'233'719) {
        const std::int64_t ms = high * digits::kPowers[5] + digits::value(back, 5);
        time = EventTime::from_raw(ms * digits::kPowers[6]);
        return Reject::none;
      }
      if (length == 16 && high <= 92'233'719) {
        const std::int64_t us = high * digits::kPowers[8] + digits::value(back, 8);
        time = EventTime::from_raw(us * digits::kPowers[3]);
        return Reject::none;
      }
    }
  }
  return read_long_count(text, unit, time);
}

/// Reads a venue's number of an update; 0 when it is none. REQUIRES: kTextPadding readable bytes
/// after it.
[[nodiscard]] inline ExternalId read_number(std::string_view text) noexcept {
  std::uint64_t number = 0;
  if (text.empty() || text.size() > 19) return {};
  const char* at = text.data();
  for (std::size_t rest = text.size(); rest > 0;) {
    const std::size_t length = rest < 8 ? rest : 8;
    const std::uint64_t word = digits::load(at);
    if (digits::count(word) < length) return {};
    number = number * static_cast<std::uint64_t>(length == 8 ? digits::kPowers[8]
                                                             : digits::kPowers[length]) +
             static_cast<std::uint64_t>(digits::value(word, length));
    at += length;
    rest -= length;
  }
  return ExternalId::from_raw(number);
}

/// Reads a time as parse_iso_time() does; without text it is 0. Returns bad_time or none.
[[nodiscard]] Reject read_iso_time(std::string_view text, EventTime& time) noexcept;

}  // namespace plimsoll::feeds
