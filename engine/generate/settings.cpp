#include "engine/generate/settings.hpp"

#include <algorithm>

#include "engine/value/integer.hpp"

namespace plimsoll::generate {

std::vector<SettingError> check_prices(const reference::Reference& reference, const Prices& prices,
                                       std::int64_t min_ticks) {
  std::vector<SettingError> errors;
  if (prices.size() != reference.instruments.size()) {
    errors.push_back({"prices", "must be as many as the instruments"});
    return errors;
  }
  const bool any = std::any_of(prices.begin(), prices.end(),
                               [](const std::optional<Price>& price) { return price.has_value(); });
  if (!any) errors.push_back({"prices", "one instrument at least needs a price"});
  for (std::size_t i = 0; i < prices.size(); ++i) {
    if (!prices[i]) continue;
    const reference::Instrument& instrument = reference.instruments[i];
    const std::string field = "prices[" + std::to_string(i) + "]";
    if (Int128{prices[i]->raw()} < Int128{min_ticks} * instrument.tick.raw()) {
      errors.push_back({field, "must be at least " + std::to_string(min_ticks) + " ticks"});
    }
    if (*prices[i] > instrument.price_max) errors.push_back({field, "must be at most price_max"});
  }
  return errors;
}

void append_fixed(std::string& out, std::int64_t raw, int decimals, int shown) {
  PLIMSOLL_ASSERT(raw >= 0 && shown >= 0 && shown <= decimals);
  const std::int64_t one = power_of_ten(decimals);
  out += std::to_string(raw / one);
  if (shown == 0) return;
  const std::string fraction = std::to_string(raw % one / power_of_ten(decimals - shown));
  out += '.';
  out.append(static_cast<std::size_t>(shown) - fraction.size(), '0');
  out += fraction;
}

}  // namespace plimsoll::generate
