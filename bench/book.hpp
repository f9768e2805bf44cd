#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

namespace plimsoll::bench {

/// A finished reference and a book of generated accounts, as inputs at time 1.
struct Book {
  reference::Reference reference;
  std::vector<Price> prices;  // by instrument
  std::vector<Input> inputs;  // a quote for each instrument, then the accounts
};

/// Loads the configuration and generates `accounts` accounts from seed 1 around its reference
/// prices; room is left for `spare` more. Ends the program with a message when that fails.
[[nodiscard]] Book make_book(const std::string& config, std::uint64_t accounts,
                             std::size_t spare = 0);

/// A quote one tick wide around `price`.
[[nodiscard]] Input quote_at(const reference::Reference& reference, InstrumentId instrument,
                             Price price, EventTime time);

}  // namespace plimsoll::bench
