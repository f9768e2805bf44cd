#pragma once

#include <cstdint>

#include "engine/ledger/ledger.hpp"

namespace plimsoll::watch {

/// Which accounts are judged after an input. It never changes an outcome, only the work.
enum class Mode : std::uint8_t {
  holders,  // those whom the input concerns
  naive,    // every account, after every input: the oracle
};

/// Visits the accounts that hold an instrument, once each. The visitor may empty the account that
/// it is given (its position then leaves the list), no other.
template <class Visit>
void for_each_holder(const ledger::Ledger& ledger, InstrumentId instrument, Visit&& visit) {
  for (std::size_t i = ledger.holders(instrument).size(); i-- > 0;) {
    visit(ledger.position(ledger.holders(instrument)[i]).account);
  }
}

}  // namespace plimsoll::watch
