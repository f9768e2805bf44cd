#pragma once

#include <array>
#include <limits>
#include <random>
#include <string_view>

#include "tests/wire/random_event.hpp"

namespace plimsoll::foreign {

/// Fills fields with what is often wrong: the ends of the range, nothing, words known and unknown.
struct EdgyField {
  std::mt19937_64& random;

  template <class Member>
  void operator()(const char*, Member& member) const {
    using Integer = wire::WireInteger<Member>;
    using Limits = std::numeric_limits<Integer>;
    const std::array<Integer, 6> edges{0,
                                       1,
                                       Limits::min(),
                                       Limits::max(),
                                       static_cast<Integer>(Limits::max() / 2),
                                       static_cast<Integer>(Limits::min() + 1)};
    const auto bits = random();
    const auto raw = sizeof(Integer) == 1 && bits % 8 != 0 ? static_cast<Integer>(bits / 8 % 40)
                     : bits % 4 == 0                       ? edges.at(bits / 4 % edges.size())
                     : bits % 4 == 1 ? static_cast<Integer>(bits / 4 % 1'000'000'007)
                                     : static_cast<Integer>(random());
    member = wire::from_wire<Member>(raw);
  }
};

/// The event of a number: every kind in turn, and any bits in its fields, always the same.
inline Event any_event(std::uint64_t number) {
  std::mt19937_64 random{number};
  Event event = wire::filled_event((number - 1) % wire::kTemplates, EdgyField{random});
  event.header.number = EventNumber::from_raw(number);
  return event;
}

}  // namespace plimsoll::foreign
