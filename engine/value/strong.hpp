#pragma once

#include <compare>
#include <cstdint>
#include <type_traits>

#include "engine/base/assert.hpp"

namespace plimsoll {

/// A distinct type over an integer. Built only with from_raw, never from another strong type and
/// never from a floating-point value. Order and equality are those of the raw integer. A tag with
/// `additive` gets +, - and negation, checked: arithmetic on money never wraps.
template <class Tag, class Integer>
class Strong {
 public:
  using Raw = Integer;
  constexpr Strong() noexcept = default;

  template <class T>
  requires std::is_same_v<T, Integer> ||(std::is_integral_v<T> && sizeof(T) <= sizeof(Integer))
      [[nodiscard]] static constexpr Strong from_raw(T raw) noexcept {
    Strong strong;
    strong.raw_ = static_cast<Integer>(raw);
    return strong;
  }
  [[nodiscard]] constexpr Integer raw() const noexcept { return raw_; }
  friend constexpr auto operator<=>(Strong, Strong) noexcept = default;

  friend constexpr Strong operator+(Strong a, Strong b) noexcept requires Tag::additive {
    Integer sum{};
    PLIMSOLL_ASSERT(!__builtin_add_overflow(a.raw_, b.raw_, &sum));
    return from_raw(sum);
  }
  friend constexpr Strong operator-(Strong a, Strong b) noexcept requires Tag::additive {
    Integer difference{};
    PLIMSOLL_ASSERT(!__builtin_sub_overflow(a.raw_, b.raw_, &difference));
    return from_raw(difference);
  }
  friend constexpr Strong operator-(Strong a) noexcept requires Tag::additive {
    return Strong{} - a;
  }
  constexpr Strong& operator+=(Strong other) noexcept requires Tag::additive {
    return *this = *this + other;
  }
  constexpr Strong& operator-=(Strong other) noexcept requires Tag::additive {
    return *this = *this - other;
  }

 private:
  Integer raw_{0};
};

}  // namespace plimsoll
