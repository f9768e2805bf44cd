#include "engine/market/basis.hpp"

#include <algorithm>

#include "engine/value/integer.hpp"

namespace plimsoll::market {

std::int64_t Basis::bounded(std::int64_t premium, Price index) const noexcept {
  const std::int64_t most =
      narrow(multiply_divide_floor(index.raw(), rules_.basis_max.raw(), kRateOne));
  return std::clamp(premium, -most, most);
}

void Basis::update(Price index, Price middle, EventTime now) noexcept {
  const std::int64_t premium = middle.raw() == 0 ? 0 : bounded(middle.raw() - index.raw(), index);
  if (last_.raw() == 0) {
    mean_ = premium;
  } else {
    const std::int64_t time = (now - last_).raw();
    const Int128 gap = Int128{premium_} - mean_;
    mean_ += narrow(gap * time / (Int128{time} + rules_.basis_time.raw()));
  }
  premium_ = premium;
  last_ = now;
}

Price Basis::mark(Price index) const noexcept {
  return Price::from_raw(std::max<std::int64_t>(1, index.raw() + bounded(mean_, index)));
}

}  // namespace plimsoll::market
