#include "engine/market/index_book.hpp"

#include <algorithm>

#include "engine/market/earliest.hpp"

namespace plimsoll::market {
namespace {

const reference::Index& rules_of(const reference::Reference& reference, IndexId id) {
  return reference.indices[id.raw()];
}

/// Fewer say nothing about who of them lies.
constexpr std::size_t kJury = 3;

}  // namespace

IndexBook::IndexBook(const reference::Reference& reference, IndexId id)
    : reference_{reference},
      rules_{rules_of(reference, id)},
      guard_{reference.guards[rules_.guard.raw()]},
      trust_{guard_, Price::from_raw(1), rules_.price_max} {
  for (const SourceId source : rules_.sources) {
    sources_.emplace_back(rules_, guard_);
    converts_ = converts_ || reference.sources[source.raw()].quote != kNoAsset;
  }
  constituents_.reserve(sources_.size());
}

SourceBook& IndexBook::source(SourceId id) noexcept {
  const auto at = std::lower_bound(rules_.sources.begin(), rules_.sources.end(), id);
  return sources_[static_cast<std::size_t>(at - rules_.sources.begin())];
}

const SourceBook& IndexBook::source(SourceId id) const noexcept {
  const auto at = std::lower_bound(rules_.sources.begin(), rules_.sources.end(), id);
  return sources_[static_cast<std::size_t>(at - rules_.sources.begin())];
}

bool IndexBook::converts(AssetId quote) const noexcept {
  return std::any_of(rules_.sources.begin(), rules_.sources.end(), [&](SourceId source) {
    return reference_.sources[source.raw()].quote == quote;
  });
}

void IndexBook::add(SourceId source, Price price, Price rate, Rate weight) {
  const Int128 converted = divide_floor<Int128>(Int128{price.raw()} * rate.raw(), kRateOne);
  if (converted <= 0 || converted > rules_.price_max.raw()) return;
  constituents_.push_back(
      {.source = source, .price = Price::from_raw(narrow(converted)), .weight = weight});
}

bool IndexBook::judge(SourceId spoken, EventTime now) noexcept {
  if (constituents_.size() < kJury) return false;
  const auto one = std::find_if(constituents_.begin(), constituents_.end(),
                                [&](const Constituent& c) { return c.source == spoken; });
  if (one == constituents_.end()) return false;
  const Price price = one->price;
  const IndexPrice index = index_price(rules_, constituents_);
  SourceBook& book = source(spoken);
  book.judge(price >= index.band_low && price <= index.band_high, now);
  return book.state(now) == SourceState::quarantined;
}

Candidate IndexBook::candidate() {
  if (constituents_.empty() || constituents_.size() < rules_.quorum) {
    return {.price = {}, .reason = TrustReason::no_quorum};
  }
  const IndexPrice index = index_price(rules_, constituents_);
  return {.price = index.price, .reason = TrustReason::good, .sources = index.within};
}

TrustedPrice::View IndexBook::view(EventTime now) const noexcept {
  TrustedPrice::View view = trust_.view();
  if (view.price.raw() != 0 && redeemable(now)) view.high = std::max(view.high, redemption_);
  return view;
}

EventTime IndexBook::due(EventTime now) const noexcept {
  Earliest first{now};
  for (const SourceBook& source : sources_) first.consider(source.due(now));
  first.consider(trust_.due());
  if (redemption_.raw() != 0) first.consider(redemption_expires_);
  return first.time();
}

}  // namespace plimsoll::market
