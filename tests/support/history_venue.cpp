// What others than the clients do in random histories.

#include <algorithm>
#include <array>
#include <utility>

#include "tests/support/history_maker.hpp"
#include "tests/support/random_rules.hpp"

namespace plimsoll::support {

/// Any instrument but a spot pair.
std::uint32_t HistoryMaker::some_contract() {
  for (;;) {
    const auto id = static_cast<std::uint32_t>(random_.below(reference_.instruments.size()));
    if (math_.instrument(id).kind != reference::Kind::spot) return id;
  }
}

/// Sometimes next to nothing, so that bad debt is left.
void HistoryMaker::endow(std::uint32_t asset) {
  const AssetId id = AssetId::from_raw(asset);
  const Int128 most = Int128{worth_of(reference_, id, 1)} * options_.fund_units;
  const Int128 amount = random_.chance(400) ? random_.between(1, 1'000'000)
                                            : most * random_.between(1, 1'000) / 1'000;
  push(FundEndowed{id, Amount::from_raw(clamp_amount(amount))});
}

void HistoryMaker::settle_funding() {
  const std::uint32_t id = some_contract();
  const std::int64_t most = random_.chance(100) ? 100'000'000 : 3'000'000;
  push(FundingSettled{InstrumentId::from_raw(id), Rate::from_raw(random_.between(-most, most)),
                      Price::from_raw(market_.price(id))});
}

void HistoryMaker::estimate_funding() {
  const std::int64_t most = random_.chance(100) ? 100'000'000 : 3'000'000;
  push(FundingEstimated{InstrumentId::from_raw(some_contract()),
                        Rate::from_raw(random_.chance(200) ? 0 : random_.between(-most, most))});
}

/// Up to twice where the tables end to grow.
void HistoryMaker::publish_open_interest() {
  const std::uint32_t id = some_contract();
  const AssetId settle = math_.instrument(id).settle;
  const std::int64_t dollars =
      random_.pick(std::array<std::int64_t, 4>{0, 1'000'000, 30'000'000, 250'000'000});
  const std::int64_t lots =
      dollars == 0 ? 0 : math_.lots_of(id, worth_of(reference_, settle, dollars));
  push(OpenInterestPublished{
      InstrumentId::from_raw(id),
      Quantity::from_raw(lots * random_.between(1, 2) * math_.instrument(id).lot.raw())});
}

/// Other tables for a while, or a status that soon ends.
void HistoryMaker::change_instrument() {
  const std::uint32_t id = some_contract();
  Listing& listing = listings_[id];
  std::vector<TiersId> own;
  for (std::uint32_t i = 0; i < reference_.tiers.size(); ++i) {
    if (reference_.tiers[i].instrument.raw() == id) own.push_back(TiersId::from_raw(i));
  }
  Listing next = listing;
  next.status = InstrumentStatus::trading;
  if (random_.chance(350)) {
    next.status = random_.chance(600) ? InstrumentStatus::reduce_only : InstrumentStatus::unlisted;
  }
  if (random_.chance(600)) next.tiers_long = own[random_.below(own.size())];
  if (random_.chance(600)) next.tiers_short = own[random_.below(own.size())];
  if (listing.status != InstrumentStatus::settled) listing = next;
  push(InstrumentChanged{InstrumentId::from_raw(id), next.tiers_long, next.tiers_short,
                         next.status});
}

/// In the last two thirds: prices first, then all of them at once. Dated ones mostly; the first
/// instrument never, so that something is left.
void HistoryMaker::settle_instruments() {
  if (inputs_.size() < options_.inputs / 3) return push(TimeAdvanced{});
  if (settlement_prices_.empty() || random_.chance(300)) {
    std::uint32_t id = some_contract();
    for (int attempt = 0; attempt < 6 && math_.instrument(id).expiry.raw() == 0; ++attempt) {
      id = some_contract();
    }
    if (id == 0 || !market_.is_marked(id)) return push(TimeAdvanced{});
    const std::int64_t price = market_.price(id);
    if (listings_[id].status != InstrumentStatus::settled) settlement_prices_[id] = price;
    push(SettlementPriced{InstrumentId::from_raw(id), Price::from_raw(price)});
    if (random_.chance(500)) return;
  }
  for (const auto& settled : std::exchange(settlement_prices_, {})) {
    const std::uint32_t id = settled.first;
    listings_[id].status = InstrumentStatus::settled;
    for (Client& client : clients_) {
      std::erase_if(client.orders, [&](const ClientOrder& o) { return o.line.first == id; });
      std::erase_if(client.lines, [&](const auto& entry) {
        if (entry.first.first != id) return false;
        client.cash[math_.instrument(id).settle.raw()] -=
            math_.cost(id, -entry.second.quantity, settled.second);
        return true;
      });
    }
  }
  push(FuturesSettled{});
}

void HistoryMaker::charge_interest() {
  const auto asset = static_cast<std::uint32_t>(random_.below(reference_.assets.size()));
  const std::int64_t most = random_.chance(100) ? 100'000'000 : 5'000'000;
  push(InterestCharged{AssetId::from_raw(asset), Rate::from_raw(random_.between(1, most))});
}

/// The matching engine says that an order expired: mostly one that it never had.
void HistoryMaker::answer() {
  const Client& client = some_client();
  const std::uint32_t id = some_contract();
  push(LiquidationAnswered{
      client.terms.account,
      LiquidationEpoch::from_raw(static_cast<std::uint32_t>(random_.between(0, 4))),
      InstrumentId::from_raw(id), Quantity{}, Price{},
      line_of(client, id, random_.chance(500) ? 1 : -1).second});
}

}  // namespace plimsoll::support
