#include "engine/market/index_price.hpp"

#include <algorithm>

#include "engine/base/assert.hpp"
#include "engine/value/integer.hpp"

namespace plimsoll::market {
namespace {

Int128 middle_of(const std::vector<Constituent>& sorted) noexcept {
  const std::size_t half = sorted.size() / 2;
  const Int128 upper = sorted[half].price.raw();
  if (sorted.size() % 2 == 1) return upper;
  return (sorted[half - 1].price.raw() + upper) / 2;
}

}  // namespace

IndexPrice index_price(const reference::Index& rules, std::vector<Constituent>& constituents) {
  PLIMSOLL_ASSERT(!constituents.empty());
  std::sort(constituents.begin(), constituents.end(), [](const auto& a, const auto& b) {
    return a.price != b.price ? a.price < b.price : a.source < b.source;
  });
  const Int128 median = middle_of(constituents);
  const Int128 off = divide_floor<Int128>(median * rules.clamp.raw(), kRateOne);
  const Int128 low = median - off;
  const Int128 high = median + off;
  IndexPrice result{.price = Price::from_raw(narrow(median)),
                    .band_low = Price::from_raw(narrow(low)),
                    .band_high = Price::from_raw(narrow(high))};
  Int128 sum = 0;
  Int128 weights = 0;
  for (const Constituent& one : constituents) {
    const Int128 price = one.price.raw();
    result.within += price >= low && price <= high ? 1U : 0U;
    const Int128 weight =
        rules.method == reference::IndexMethod::weighted ? one.weight.raw() : kRateOne;
    sum += std::clamp(price, low, high) * weight;
    weights += weight;
  }
  if (rules.method == reference::IndexMethod::median) return result;
  const Int128 mean = std::max<Int128>(1, divide_floor<Int128>(sum, weights));
  result.price = Price::from_raw(narrow(mean));
  return result;
}

}  // namespace plimsoll::market
