#include "engine/market/settlement_mean.hpp"

#include "engine/value/integer.hpp"

namespace plimsoll::market {

SettlementMean::SettlementMean(const reference::MarkRules& rules, EventTime expiry)
    : rules_{rules}, expiry_{expiry} {
  if (rules.settlement_window.raw() == 0) return;
  start_ = EventTime::from_raw(expiry.raw() - rules.settlement_window.raw());
  next_ = start_ + rules.settlement_step;
  samples_.reserve(
      static_cast<std::size_t>(rules.settlement_window.raw() / rules.settlement_step.raw()));
}

void SettlementMean::sample(Price index) {
  samples_.push_back(index);
  next_ = next_ == expiry_ ? EventTime{} : next_ + rules_.settlement_step;
}

void SettlementMean::leave_out(EventTime since) noexcept {
  if (next_.raw() == 0) return;  // It is over: the price is out.
  EventTime at = start_;
  for (Price& sample : samples_) {
    at = at + rules_.settlement_step;
    if (at >= since) sample = {};
  }
}

SettlementAveraged SettlementMean::result(InstrumentId instrument) const {
  Int128 sum = 0;
  std::uint32_t good = 0;
  for (const Price sample : samples_) {
    sum += sample.raw();
    good += sample.raw() != 0 ? 1U : 0U;
  }
  const auto all = static_cast<std::int64_t>(samples_.size());
  const bool enough = good > 0 && good * kRateOne >= all * rules_.settlement_samples.raw();
  return {.price = Price::from_raw(enough ? narrow(sum / good) : 0),
          .instrument = instrument,
          .samples = good,
          .missed = static_cast<std::uint32_t>(all) - good};
}

}  // namespace plimsoll::market
