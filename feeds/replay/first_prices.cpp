#include "feeds/replay/first_prices.hpp"

#include <cstddef>
#include <variant>

#include "feeds/replay/feed.hpp"

namespace plimsoll::feeds {
namespace {

struct Quoted {
  InstrumentId instrument{kNoInstrument};
  Price price;
};

/// The instrument and price that an input gives, as the engine would mark it.
struct PriceOf {
  Quoted operator()(const MarkPublished& body) const { return {body.instrument, body.mark}; }
  Quoted operator()(const BookQuoted& body) const {
    // Both are positive, so the difference cannot wrap and the division rounds down.
    const std::int64_t half = (body.ask.raw() - body.bid.raw()) / 2;
    return {body.instrument, Price::from_raw(body.bid.raw() + half)};
  }
  template <class Other>
  Quoted operator()(const Other&) const {
    return {};
  }
};

}  // namespace

FirstPrices first_prices(const std::vector<std::string>& captures,
                         const reference::Reference& reference) {
  FirstPrices found;
  found.prices.resize(reference.instruments.size());
  std::size_t missing = found.prices.size();
  Feed feed{captures, reference};
  Input input;
  while (missing > 0 && feed.next(input) == Step::ready) {
    const Quoted quoted = std::visit(PriceOf{}, input.body);
    if (quoted.instrument == kNoInstrument) continue;
    Price& price = found.prices[quoted.instrument.raw()];
    if (price.raw() != 0) continue;
    price = quoted.price;
    --missing;
  }
  found.error = feed.error();
  return found;
}

}  // namespace plimsoll::feeds
