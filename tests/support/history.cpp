#include "tests/support/history.hpp"

#include <algorithm>
#include <utility>

#include "tests/support/history_maker.hpp"

namespace plimsoll::support {
namespace {

constexpr std::int64_t kMicrosecond = 1'000;
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kStart = 1'700'000'000 * kSecond + 123'456'789;

std::vector<Listing> listings_of(const reference::Reference& reference) {
  std::vector<Listing> listings;
  for (const reference::Instrument& instrument : reference.instruments) {
    listings.push_back({instrument.tiers_long, instrument.tiers_short, instrument.status});
  }
  return listings;
}

}  // namespace

std::int64_t clamp_amount(Int128 amount) {
  constexpr std::int64_t kAmountMax = std::int64_t{1} << 50;
  return static_cast<std::int64_t>(std::clamp<Int128>(amount, 1, kAmountMax));
}

HistoryMaker::HistoryMaker(const reference::Reference& reference, std::uint64_t seed,
                           const HistoryOptions& options)
    : reference_{reference},
      options_{options},
      random_{seed},
      market_{reference, options.inputs, options.late_marks, random_},
      listings_{listings_of(reference)},
      math_{reference_, market_, listings_},
      trusts_{!reference.guards.empty()},
      jumps_{trusts_ && seed % 4 == 0},
      now_{kStart} {}

std::vector<Input> HistoryMaker::make() {
  for (std::uint32_t i = 0; i < reference_.assets.size(); ++i) {
    if (random_.chance(700)) endow(i);
    const bool late = options_.late_marks && random_.chance(200);
    if (market_.has_index(i) && !late) push(market_.next_index(i, random_));
  }
  for (std::uint32_t i = 0; i < reference_.indices.size(); ++i) {
    if (!options_.late_marks || !random_.chance(200)) quote_index(i);
  }
  while (inputs_.size() < options_.inputs) {
    if (random_.chance(options_.invalid_per_mille) && !clients_.empty()) {
      push(invalid());
    } else {
      act();
    }
  }
  return std::move(inputs_);
}

std::int64_t HistoryMaker::gap() {
  if (std::exchange(hurried_, false)) return random_.between(0, 500 * kMicrosecond);
  if (random_.chance(options_.minutes_per_mille)) return random_.between(60, 180) * kSecond;
  const std::int64_t kind = random_.between(0, 99);
  if (kind < 20) return 0;
  if (kind < 30) return random_.between(1, 1'000);
  if (kind < 45) return random_.between(1, 1'000) * kMicrosecond;
  if (kind < 55) return random_.between(1, 5) * kMillisecond;  // often right on the grid
  if (kind < 85) return random_.between(1, 60 * kMillisecond);
  if (kind < 98) return random_.between(100, 900) * kMillisecond;
  return random_.between(1 * kSecond, 6 * kSecond);
}

void HistoryMaker::push(const InputBody& body) {
  now_ += gap();
  if (jumps_ && inputs_.size() > options_.inputs * 7 / 10 && random_.chance(5)) {
    now_ += 10 * 86'400 * kSecond;  // longer than any gap that is filled
    jumps_ = false;
  }
  // Now and then right at a round time, where steps, grids and deadlines meet.
  if (random_.chance(50)) now_ += 100 * kMillisecond - now_ % (100 * kMillisecond);
  std::int64_t time = now_;
  if (!inputs_.empty() && random_.chance(options_.late_per_mille)) {
    time = random_.chance(100) ? random_.between(0, 9) : now_ - random_.between(1, 10 * kSecond);
  }
  inputs_.push_back({Sequence{}, EventTime::from_raw(time), Origin::external, body});
}

Client& HistoryMaker::some_client() {
  hurried_ = random_.chance(350) && last_ < clients_.size();
  if (!hurried_) last_ = random_.below(clients_.size());
  return clients_[last_];
}

Client* HistoryMaker::some_multi_asset_client() {
  for (std::size_t attempt = 0; attempt < clients_.size(); ++attempt) {
    Client& client = some_client();
    if (client.is_multi_asset()) return &client;
  }
  return nullptr;
}

void HistoryMaker::act() {
  const bool room = clients_.size() < options_.accounts;
  if (clients_.size() < options_.accounts / 2 && random_.chance(250)) return open();
  if (room && !clients_.empty() && random_.chance(20)) {
    return random_.chance(700) ? open_at_threshold() : open_twins();
  }
  if (clients_.empty()) return push_tick();
  const std::int64_t kind = random_.between(0, 999);
  options_.plain ? act_plainly(kind) : act_widely(kind);
}

void HistoryMaker::act_plainly(std::int64_t kind) {
  if (kind < 580) return push_tick();
  if (kind < 730) return trade(some_client());
  if (kind < 820) return start_anew(some_client());
  if (kind < 880) return top_up(some_client());
  if (kind < 930) return withdraw(some_client());
  if (kind < 970) return move(some_client());
  if (kind < 980) return settle_funding();
  if (kind < 984) return endow(static_cast<std::uint32_t>(random_.below(2)));
  if (kind < 992) return push(TimeAdvanced{});
  answer();
}

void HistoryMaker::act_widely(std::int64_t kind) {
  if (trusts_ && random_.chance(40)) return act_on_prices();
  if (kind < 520) return push_tick();
  if (kind < 625) return trade(some_client());
  if (kind < 695) return start_anew(some_client());
  if (kind < 740) return top_up(some_client());
  if (kind < 770) return withdraw(some_client());
  if (kind < 800) return move(some_client());
  if (kind < 885) return act_on_orders(some_client());
  if (kind < 895) return request_leverage(some_client());
  if (kind < 910) return request_mode(some_client());
  if (kind < 955) {
    Client* client = some_multi_asset_client();
    if (client == nullptr) return trade(some_client());
    return kind < 930 ? import_balance(*client) : trade_spot(*client);
  }
  if (kind < 963) return settle_funding();
  if (kind < 967) return endow(static_cast<std::uint32_t>(random_.below(reference_.assets.size())));
  if (kind < 973) return push(TimeAdvanced{});
  if (kind < 979) return estimate_funding();
  if (kind < 984) return publish_open_interest();
  if (kind < 989) return change_instrument();
  if (kind < 991) return settle_instruments();
  if (kind < 997) return charge_interest();
  answer();
}

InputBody HistoryMaker::invalid() {
  const Client client = some_client();
  Valid valid{.account = client.terms, .stranger = some_client().terms};
  for (std::size_t attempt = 0; attempt < clients_.size(); ++attempt) {
    if (valid.stranger.owner != client.terms.owner) break;
    valid.stranger = some_client().terms;
  }
  std::optional<std::uint32_t> id;
  for (int attempt = 0; attempt < 8 && !id; ++attempt) id = some_instrument(client);
  if (!id || !market_.is_marked(*id)) return market_.next(random_);
  valid.instrument = InstrumentId::from_raw(*id);
  valid.price = Price::from_raw(market_.price(*id));
  const LineKey key = line_of(client, *id, random_.chance(500) ? 1 : -1);
  valid.side = key.second;
  valid.quantity = Quantity::from_raw(client.quantity(key));
  if (!client.orders.empty()) {
    valid.order = client.orders[random_.below(client.orders.size())].order;
  }
  valid.plain = options_.plain;
  return invalid_input(reference_, valid, options_.extremes, random_);
}

std::vector<Input> random_history(const reference::Reference& reference, std::uint64_t seed,
                                  const HistoryOptions& options) {
  return HistoryMaker{reference, seed, options}.make();
}

}  // namespace plimsoll::support
