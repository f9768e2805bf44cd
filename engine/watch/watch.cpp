#include "engine/watch/watch.hpp"

#include <algorithm>

namespace plimsoll::watch {
namespace {

/// A move beyond this (2.8e5 quote units) is not bounded but judged: it keeps products in 128 bits.
constexpr Int128 kMoveMax = Int128{1} << 48;

}  // namespace

Watch::Watch(const reference::Reference& reference, std::size_t accounts) {
  leeways_.reserve(accounts);
  Int128 factor = kRateOne;
  for (const reference::Profile& profile : reference.profiles) {
    factor = std::max<Int128>(factor, profile.call_target.raw());
  }
  for (const reference::Instrument& instrument : reference.instruments) {
    const Int128 rate = instrument.brackets.back().maintenance.raw();
    const Int128 base =
        3 + divide_ceil<Int128>(factor * (rate + kRateOne), Int128{kRateOne} * kRateOne);
    sensitivities_.push_back({.slope = kRateOne + divide_ceil<Int128>(factor * rate, kRateOne),
                              .divisor = instrument.value_divisor,
                              .base = static_cast<std::uint64_t>(base)});
  }
}

MoveBound Watch::bound_of(InstrumentId instrument, Price before, Price after) const noexcept {
  const Int128 difference = Int128{after.raw()} - before.raw();
  const Int128 move = difference < 0 ? -difference : difference;
  if (before.raw() == 0 || move > kMoveMax) return {.step = 0, .base = 0, .everyone = true};
  const Sensitivity& sensitivity = sensitivities_[instrument.raw()];
  const Int128 step = divide_ceil<Int128>((move * sensitivity.slope) << MoveBound::kShift,
                                          Int128{sensitivity.divisor} * kRateOne);
  if (step > std::numeric_limits<std::uint64_t>::max()) {
    return {.step = 0, .base = 0, .everyone = true};
  }
  return {.step = static_cast<std::uint64_t>(step), .base = sensitivity.base, .everyone = false};
}

}  // namespace plimsoll::watch
