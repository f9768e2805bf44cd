#include "tests/incidents/garbage_feed.hpp"

#include <algorithm>
#include <limits>

#include "tests/support/reference_builder.hpp"

namespace plimsoll::incidents {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kPriceMax = 100'000'000 * kSecond;
constexpr std::size_t kHonest = 3;  // of the sources: a majority

}  // namespace

reference::Reference feed_venue(const Regime& regime) {
  reference::Reference rules = venue();
  for (const char* symbol : {"BASIS", "MEDIAN", "MIDDLE"}) {
    add_linear(rules, symbol, 0.005, 100'000'000);
  }
  reference::Guard& guard = add_guard(rules, "guard");
  guard.age_max = seconds(10);
  guard.skew_max = seconds(1);
  guard.clock_error_max = seconds(30);
  guard.spread_max = rate(0.02);
  guard.velocity_max = rate(0.1);
  guard.velocity_window = seconds(5);
  guard.velocity_hold = seconds(5);
  guard.velocity_sources = 3;
  add_index(rules, "INDEX", 0.02, {"one", "two", "three", "four", "five"});
  reference::Index& index = rules.indices[0];
  index.method = reference::IndexMethod::median;
  index.quorum = 3;
  index.quarantine_after = 3;
  index.quarantine_time = seconds(30);
  index.price_max = price(100'000'000);
  for (reference::Instrument& instrument : rules.instruments) {
    instrument.mark.guard = GuardId::from_raw(0);
    instrument.mark.index = kFirstIndex;
    instrument.mark.basis_max = rate(regime.basis_max);
  }
  rules.instruments[0].mark.method = reference::MarkMethod::index_basis;
  rules.instruments[1].mark.method = reference::MarkMethod::median;
  rules.instruments[2].mark.method = reference::MarkMethod::middle;
  return support::finished(rules);
}

Feed::Feed(std::uint64_t seed, const Regime& regime) : random_{seed}, regime_{regime} {
  begin();
  for (int step = 1; step < 80; ++step) {
    move();
    say(true);
  }
  for (int step = 0; step < 50; ++step) say(false);
}

void Feed::give(const InputBody& body) {
  const Input input{.sequence = {}, .time = EventTime::from_raw(now_), .body = body};
  clean.push_back(input);
  dirty.push_back(input);
  garbage.push_back(false);
}

void Feed::lie(const InputBody& body) {
  dirty.push_back({.sequence = {}, .time = EventTime::from_raw(now_), .body = body});
  garbage.push_back(true);
}

void Feed::begin() {
  price_ = 50'000 * kSecond;
  say(false);
  std::uint64_t number = 0;
  const std::uint32_t contracts = 3;
  for (std::uint32_t contract = 0; contract < contracts; ++contract) {
    for (int i = 0; i < 60; ++i) open(AccountId::from_raw(++number), contract);
  }
}

void Feed::open(AccountId account, std::uint32_t contract) {
  const Position position{.account = account,
                          .instrument = InstrumentId::from_raw(contract),
                          .quantity = account.raw() % 2 == 0 ? 200 : -200,
                          .entry = price_,
                          .money = 10'000'000'000'000 / random_.between(3'000, 40'000)};
  positions.push_back(position);
  give(AccountOpened{.account = account,
                     .owner = OwnerId::from_raw(account.raw()),
                     .parent = {},
                     .profile = {},
                     .asset = kDollar});
  give(Deposited{.account = account, .amount = Amount::from_raw(position.money), .transfer = {}});
  give(TradeFilled{.account = account,
                   .instrument = position.instrument,
                   .quantity = Quantity::from_raw(position.quantity),
                   .price = Price::from_raw(position.entry),
                   .fee = {},
                   .fill = {}});
}

void Feed::move() {
  if (regime_.jumps && --rest_ > 0) return;
  if (regime_.jumps && random_.chance(80)) {
    price_ = price_ / 1'000 * (random_.chance(500) ? random_.between(820, 870) : 1'170);
    rest_ = 10;
    return;
  }
  if (run_ == 0) {
    run_ = random_.between(5, 20);
    drift_ = random_.between(-9, 9);
  }
  --run_;
  price_ = price_ / 1'000 * (1'000 + drift_ + random_.between(-1, 1));
}

void Feed::say(bool with_garbage) {
  path.push_back(price_);
  const std::int64_t second = now_ == 0 ? kStart : now_ - now_ % kSecond + kSecond;
  now_ = second;
  const auto next = [&] {
    if (with_garbage && random_.chance(250)) {
      now_ += kMillisecond;
      lie_somehow();
    }
    now_ += 9 * kMillisecond;
  };
  for (std::uint32_t source = 0; source < kSources; ++source) {
    give(tick(source));
    lying_[source] = false;
    next();
  }
  for (std::uint32_t contract = 0; contract < 3; ++contract) {
    give(book(InstrumentId::from_raw(contract), price_, price_ / 10'000, stamp()));
    next();
  }
  give(
      TradePrinted{.instrument = kMedian, .price = Price::from_raw(price_), .venue_time = stamp()});
  next();
}

InputBody Feed::tick(std::uint32_t source) {
  if (source % 2 == 0) return priced(source, price_, stamp(), ++numbers_[source]);
  return SourceQuoted{.source = SourceId::from_raw(source),
                      .bid = Price::from_raw(price_ - price_ / 10'000),
                      .ask = Price::from_raw(price_ + price_ / 10'000),
                      .venue_time = stamp(),
                      .number = ExternalId::from_raw(++numbers_[source])};
}

EventTime Feed::stamp(std::int64_t off) const {
  return EventTime::from_raw(now_ - 20 * kMillisecond + off);
}

InputBody Feed::priced(std::uint32_t source, std::int64_t value, EventTime stamped,
                       std::uint64_t number) {
  return SourcePriced{.source = SourceId::from_raw(source),
                      .price = Price::from_raw(value),
                      .venue_time = stamped,
                      .number = ExternalId::from_raw(number)};
}

BookQuoted Feed::book(InstrumentId instrument, std::int64_t middle, std::int64_t half,
                      EventTime stamped) {
  return {.instrument = instrument,
          .bid = Price::from_raw(middle - half),
          .ask = Price::from_raw(middle + half),
          .venue_time = stamped};
}

std::int64_t Feed::wild_price() {
  switch (random_.below(9)) {
    case 0:
      return 0;
    case 1:
      return -price_;
    case 2:
      return kMost;
    case 3:
      return kLeast;
    case 4:
      return 1;
    case 5:
      return kPriceMax;  // price_max
    case 6:
      return kPriceMax + 1;
    case 7:
      return price_ / 1'000;
    default:
      return price_ * 1'000;
  }
}

std::int64_t Feed::wrong_price() {
  return price_ / 100 * (random_.chance(500) ? 70 : 130);
}

EventTime Feed::wild_stamp() {
  switch (random_.below(6)) {
    case 0:
      return stamp(-15 * kSecond);
    case 1:
      return stamp(-60 * kSecond);
    case 2:
      return stamp(2 * kSecond);
    case 3:
      return stamp(100 * kSecond);
    case 4:
      return EventTime::from_raw(kMost);
    default:
      return EventTime::from_raw(kLeast);
  }
}

void Feed::lie_somehow() {
  switch (random_.below(4)) {
    case 0:
      return lie_about_market();
    case 1:
      return lie_about_nothing();
    default:
      return lie_about_source();
  }
}

void Feed::lie_about_source() {
  const auto source = static_cast<std::uint32_t>(random_.below(kSources));
  const std::uint64_t last = numbers_[source];
  switch (random_.below(6)) {
    case 0:
      return lie(priced(source, wrong_price(), wild_stamp(), last + 1));
    case 1:
      return lie(priced(source, wrong_price(), stamp(), last));
    case 2:
      return lie(priced(source, wrong_price(), stamp(), 1 + random_.next() % last));
    case 3:
      return lie_with_book(source);
    default:
      break;
  }
  // One of them lies in a row, until it is quarantined.
  const bool again = !regime_.jumps && source == kSources - 1;
  for (int i = 0; i < (again ? 3 : 1); ++i) lie_plainly(source);
}

void Feed::lie_plainly(std::uint32_t source) {
  const std::int64_t value = wild_price();
  const bool believable = value > 0 && value <= kPriceMax;
  const auto liars = static_cast<std::size_t>(std::count(lying_.begin(), lying_.end(), true) +
                                              (lying_[source] ? 0 : 1));
  if (believable && regime_.majority_clean && liars + kHonest > kSources) return;
  lie(priced(source, value, stamp(), numbers_[source] + 1));
  if (!believable) return;
  lying_[source] = true;
  ++numbers_[source];
}

void Feed::lie_with_book(std::uint32_t source) {
  const BookQuoted bad = bad_book(kMiddle);
  lie(SourceQuoted{.source = SourceId::from_raw(source),
                   .bid = bad.bid,
                   .ask = bad.ask,
                   .venue_time = stamp(),
                   .number = ExternalId::from_raw(numbers_[source] + 1)});
}

BookQuoted Feed::bad_book(InstrumentId instrument) {
  const std::array<std::pair<std::int64_t, std::int64_t>, 7> books{
      {{price_ + kSecond, price_ - kSecond},
       {price_, price_},
       {0, price_},
       {price_, kMost},
       {kLeast, kMost},
       {price_ / 2, price_ + price_ / 2},
       {1, kPriceMax}}};
  const auto& [bid, ask] = books[random_.below(books.size())];
  return {.instrument = instrument,
          .bid = Price::from_raw(bid),
          .ask = Price::from_raw(ask),
          .venue_time = stamp()};
}

void Feed::lie_about_market() {
  const InstrumentId instrument =
      InstrumentId::from_raw(static_cast<std::uint32_t>(random_.below(3)));
  const std::int64_t scaled = random_.chance(500) ? price_ / 1'000 : price_ * 1'000;
  switch (random_.below(6)) {
    case 0:
      return lie(bad_book(instrument));
    case 1:
      return lie(book(instrument, wrong_price(), kSecond, wild_stamp()));
    case 2:
      return lie(TradePrinted{instrument, Price::from_raw(wild_price()), stamp()});
    case 3:
      return lie(TradePrinted{instrument, Price::from_raw(wrong_price()), wild_stamp()});
    default:
      return lie(book(instrument, scaled, scaled / 1'000, stamp()));
  }
}

void Feed::lie_about_nothing() {
  const auto nowhere = static_cast<std::uint32_t>(random_.chance(500) ? 99 : 0xffffffffU);
  switch (random_.below(5)) {
    case 0:
      return lie(priced(nowhere, price_, stamp(), 0));
    case 1:
      return lie(book(InstrumentId::from_raw(nowhere), price_, kSecond, stamp()));
    case 2:
      return lie(MarkPublished{InstrumentId::from_raw(nowhere), {}, {}, stamp()});
    case 3:
      return lie(TradePrinted{InstrumentId::from_raw(nowhere), {}, stamp()});
    default:
      return lie(IndexPublished{AssetId::from_raw(random_.chance(500) ? nowhere : 0),
                                Price::from_raw(price_), stamp()});
  }
}

}  // namespace plimsoll::incidents
