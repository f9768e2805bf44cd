#pragma once

#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"
#include "tests/support/random.hpp"

namespace plimsoll::support {

/// What an invalid input can be built from: an account that exists, another of another owner, and a
/// price that would be fine.
struct Valid {
  AccountOpened account{};  // with the modes of now
  AccountOpened stranger{};
  InstrumentId instrument{};  // one that `account` may trade
  Price price{};
  PositionSide side{PositionSide::net};  // of its mode
  Quantity quantity{};                   // what it has there
  ExternalId order{};                    // an open order of it, or 0
  bool plain{false};                     // no orders, modes and indices
};

/// An input that is refused, or nearly: every kind of refusal, with values at both sides of every
/// limit. With `extremes` also accepted inputs right at the numeric limits.
[[nodiscard]] InputBody invalid_input(const reference::Reference& reference, const Valid& valid,
                                      bool extremes, Random& random);

}  // namespace plimsoll::support
