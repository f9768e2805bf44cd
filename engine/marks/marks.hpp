#pragma once

#include <vector>

#include "engine/base/assert.hpp"
#include "engine/value/types.hpp"

namespace plimsoll::marks {

/// The current mark of every instrument. An instrument without a mark has price 0. Single writer;
/// each shard and the sequencer own one and apply the same moves.
class Marks {
 public:
  explicit Marks(std::size_t instruments) : prices_(instruments) {}

  /// The mark, or Price 0 when there is none yet.
  [[nodiscard]] Price of(InstrumentId instrument) const noexcept {
    return prices_[instrument.raw()];
  }
  [[nodiscard]] bool known(InstrumentId instrument) const noexcept {
    return of(instrument).raw() != 0;
  }
  void set(InstrumentId instrument, Price mark) noexcept {
    PLIMSOLL_ASSERT(mark.raw() > 0);
    prices_[instrument.raw()] = mark;
  }

 private:
  std::vector<Price> prices_;
};

}  // namespace plimsoll::marks
