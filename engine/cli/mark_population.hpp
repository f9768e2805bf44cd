#pragma once

#include <cstdint>
#include <vector>

#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

namespace plimsoll::cli {

/// One account of the population.
struct Member {
  AccountId account;
  InstrumentId instrument;
  bool is_long{true};
  Rate equity;  // of the notional at entry
};

/// The population of `plimsoll compare-marks`: for each instrument with a price (0: none), `steps`
/// longs and as many shorts. Appends the inputs that make it.
[[nodiscard]] std::vector<Member> make_population(const reference::Reference& reference,
                                                  const std::vector<Price>& prices,
                                                  std::uint32_t steps,
                                                  std::vector<InputBody>& inputs);

}  // namespace plimsoll::cli
