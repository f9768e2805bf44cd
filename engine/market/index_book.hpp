#pragma once

#include <vector>

#include "engine/market/index_price.hpp"
#include "engine/market/source.hpp"
#include "engine/market/trusted_price.hpp"

namespace plimsoll::market {

/// One index: its sources, what they say together, and how far that is believed.
class IndexBook {
 public:
  IndexBook(const reference::Reference& reference, IndexId id);

  [[nodiscard]] const reference::Index& rules() const noexcept { return rules_; }
  [[nodiscard]] const std::vector<SourceId>& source_ids() const noexcept { return rules_.sources; }
  /// REQUIRES: it is one of source_ids().
  [[nodiscard]] SourceBook& source(SourceId id) noexcept;
  [[nodiscard]] const SourceBook& source(SourceId id) const noexcept;
  /// Does it convert through an index of another asset?
  [[nodiscard]] bool converts() const noexcept { return converts_; }
  [[nodiscard]] bool converts(AssetId quote) const noexcept;

  /// Works the index out. `spoken` is the source whose tick this is, or kNoSource;
  /// quote_index(asset) is the index of an asset, 0 when it is not known or frozen.
  template <class QuoteIndex>
  void update(EventTime now, SourceId spoken, QuoteIndex&& quote_index) {
    collect(now, quote_index);
    if (spoken != kNoSource && judge(spoken, now)) collect(now, quote_index);
    trust_.update(candidate(), now);
  }
  void override_with(Price price, EventTime expires, EventTime now) noexcept {
    trust_.override_with(price, expires, now);
  }
  void redeem_at(Price price, EventTime expires) noexcept {
    redemption_ = price;
    redemption_expires_ = expires;
  }
  /// Is there a redemption value in force?
  [[nodiscard]] bool redeemable(EventTime now) const noexcept {
    return redemption_.raw() != 0 && now < redemption_expires_;
  }

  /// The index as it is believed, its upper end not below what the asset can be redeemed for.
  [[nodiscard]] TrustedPrice::View view(EventTime now) const noexcept;
  [[nodiscard]] EventTime due(EventTime now) const noexcept;

  TrustedPrice::View told;  // in the last event or move about it
  bool told_redeemable{false};

 private:
  template <class QuoteIndex>
  void collect(EventTime now, QuoteIndex&& quote_index) {
    constituents_.clear();
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (sources_[i].state(now) != SourceState::live) continue;
      const reference::Source& source = reference_.sources[rules_.sources[i].raw()];
      const Price rate =
          source.quote == kNoAsset ? Price::from_raw(kRateOne) : quote_index(source.quote);
      add(rules_.sources[i], sources_[i].price(), rate, source.weight);
    }
  }
  void add(SourceId source, Price price, Price rate, Rate weight);
  /// Judges the source that has just spoken. Returns whether it is quarantined now.
  [[nodiscard]] bool judge(SourceId spoken, EventTime now) noexcept;
  [[nodiscard]] Candidate candidate();

  const reference::Reference& reference_;
  const reference::Index& rules_;
  const reference::Guard& guard_;
  std::vector<SourceBook> sources_;  // as rules_.sources
  std::vector<Constituent> constituents_;
  TrustedPrice trust_;
  Price redemption_;
  EventTime redemption_expires_;
  bool converts_{false};
};

}  // namespace plimsoll::market
