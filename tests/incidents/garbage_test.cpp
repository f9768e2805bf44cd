// Goal: garbage liquidates nobody. Method: random clean feeds with falls that do liquidate, and the
// same feeds with garbage in between, one tick in five; whoever the garbage run has liquidated by
// its end, the clean run has liquidated too. Both end with a quiet tail, longer than every freeze,
// quarantine and age, so that what was only delayed has come about.
//
// The rules promise that under conditions, and these feeds keep them:
//  * Indices are medians. A mean moves by clamp / sources with every liar, and an account that
//  close to
//    its threshold is liquidated; the same goes for a basis, which a lying book moves by at most
//    basis_max. With basis_max above 0 the promise is: as if prices were off by that much.
//  * A stream starts with a clean tick, and has one in every velocity_hold: velocity_hold is longer
//    than honest streams are silent. Then a lie beyond velocity_max never lasts until it is
//    believed.
//  * velocity_max is above what honest prices move within a window; lies within it are prices.
//  Where
//    honest prices jump farther, a jump is confirmed by whatever is said when velocity_hold is
//    over: then an index needs a majority of its sources to be clean at every moment, and a market
//    that is marked by itself needs accounts with a confirm_time longer than until the next clean
//    tick.
//  * The clamp is wider than what honest sources differ by because one is sooner than the others:
//  in a
//    run of prices the first one to see it would be quarantined.
//  * Nothing is accepted because it was frozen for long (after = wait).

#include <array>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>

#include <gtest/gtest.h>

#include "tests/core/run_engine.hpp"
#include "tests/incidents/incident.hpp"
#include "tests/support/random.hpp"
#include "tests/support/reference_builder.hpp"

namespace plimsoll::incidents {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kStart = 1'700'000'000 * kSecond;
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr unsigned kSources = 5;
constexpr std::size_t kHonest = 3;                           // of the sources: a majority
constexpr InstrumentId kBasis = InstrumentId::from_raw(0);   // marked at index and basis
constexpr InstrumentId kMedian = InstrumentId::from_raw(1);  // at the median of three
constexpr InstrumentId kMiddle = InstrumentId::from_raw(2);  // at the middle of its own book

std::uint64_t seed_count(std::uint64_t quick) {
  const char* factor = std::getenv("PLIMSOLL_SEEDS_FACTOR");
  return factor == nullptr ? quick : quick * std::max(1ULL, std::strtoull(factor, nullptr, 10));
}

/// What a feed is like.
struct Regime {
  bool jumps{false};           // honest prices jump by more than velocity_max
  bool majority_clean{false};  // at most two sources lie at a time
  double basis_max{0};
};

reference::Reference market(const Regime& regime) {
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

/// A position, for arithmetic beside the engine.
struct Position {
  AccountId account;
  InstrumentId instrument;
  std::int64_t quantity;  // thousandths
  std::int64_t entry;
  std::int64_t money;

  /// Is it below a maintenance margin of 0.5 %? Up to a rounding.
  [[nodiscard]] bool below(double mark) const {
    const double size = static_cast<double>(quantity) / 1e3;
    const double profit = size * (mark - static_cast<double>(entry)) / 1e9;
    return static_cast<double>(money) / 1e6 + profit < std::abs(size) * mark / 1e9 * 0.005;
  }
};

/// A clean feed, and the same with garbage in between.
class Feed {
 public:
  Feed(std::uint64_t seed, const Regime& regime) : random_{seed}, regime_{regime} {
    begin();
    for (int step = 1; step < 80; ++step) {
      move();
      say(true);
    }
    for (int step = 0; step < 50; ++step) say(false);
  }

  std::vector<Input> clean;
  std::vector<Input> dirty;
  std::vector<bool> garbage;  // of `dirty`, which
  std::vector<Position> positions;
  std::vector<std::int64_t> path;  // of the price

 private:
  void give(const InputBody& body) {
    const Input input{.sequence = {}, .time = EventTime::from_raw(now_), .body = body};
    clean.push_back(input);
    dirty.push_back(input);
    garbage.push_back(false);
  }
  void lie(const InputBody& body) {
    dirty.push_back({.sequence = {}, .time = EventTime::from_raw(now_), .body = body});
    garbage.push_back(true);
  }

  void begin() {
    price_ = 50'000 * kSecond;
    say(false);
    std::uint64_t number = 0;
    const std::uint32_t contracts = regime_.jumps ? 2 : 3;
    for (std::uint32_t contract = 0; contract < contracts; ++contract) {
      for (int i = 0; i < 60; ++i) open(AccountId::from_raw(++number), contract);
    }
  }
  /// About 10,000 dollars, leverage from 3 to 40.
  void open(AccountId account, std::uint32_t contract) {
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

  /// At most 1 % a second, in runs that add up; or a jump, and rest until it is confirmed.
  void move() {
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

  /// One second: everybody says the price, one after the other.
  void say(bool with_garbage) {
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
    give(TradePrinted{
        .instrument = kMedian, .price = Price::from_raw(price_), .venue_time = stamp()});
    next();
  }

  InputBody tick(std::uint32_t source) {
    if (source % 2 == 0) return priced(source, price_, stamp(), ++numbers_[source]);
    return SourceQuoted{.source = SourceId::from_raw(source),
                        .bid = Price::from_raw(price_ - price_ / 10'000),
                        .ask = Price::from_raw(price_ + price_ / 10'000),
                        .venue_time = stamp(),
                        .number = ExternalId::from_raw(++numbers_[source])};
  }
  /// Venues stamp 20 ms before a tick arrives.
  [[nodiscard]] EventTime stamp(std::int64_t off = 0) const {
    return EventTime::from_raw(now_ - 20 * kMillisecond + off);
  }
  static InputBody priced(std::uint32_t source, std::int64_t value, EventTime stamped,
                          std::uint64_t number) {
    return SourcePriced{.source = SourceId::from_raw(source),
                        .price = Price::from_raw(value),
                        .venue_time = stamped,
                        .number = ExternalId::from_raw(number)};
  }
  static BookQuoted book(InstrumentId instrument, std::int64_t middle, std::int64_t half,
                         EventTime stamped) {
    return {.instrument = instrument,
            .bid = Price::from_raw(middle - half),
            .ask = Price::from_raw(middle + half),
            .venue_time = stamped};
  }

  /// A price that nobody means.
  std::int64_t wild_price() {
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
        return 100'000'000 * kSecond;  // price_max
      case 6:
        return 100'000'000 * kSecond + 1;
      case 7:
        return price_ / 1'000;
      default:
        return price_ * 1'000;
    }
  }
  /// A wrong price that a good stamp and number would make believable.
  std::int64_t wrong_price() { return price_ / 100 * (random_.chance(500) ? 70 : 130); }
  /// A stamp that no tick of now can have.
  EventTime wild_stamp() {
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

  void lie_somehow() {
    switch (random_.below(4)) {
      case 0:
        return lie_about_market();
      case 1:
        return lie_about_nothing();
      default:
        return lie_about_source();
    }
  }

  void lie_about_source() {
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
  /// With a good stamp and number.
  void lie_plainly(std::uint32_t source) {
    const std::int64_t value = wild_price();
    const bool believable = value > 0 && value <= 100'000'000 * kSecond;
    const auto liars = static_cast<std::size_t>(std::count(lying_.begin(), lying_.end(), true) +
                                                (lying_[source] ? 0 : 1));
    if (believable && regime_.majority_clean && liars + kHonest > kSources) return;
    lie(priced(source, value, stamp(), numbers_[source] + 1));
    if (!believable) return;
    lying_[source] = true;
    ++numbers_[source];
  }
  /// Crossed, locked, one-sided or wide.
  void lie_with_book(std::uint32_t source) {
    const BookQuoted bad = bad_book(kMiddle);
    lie(SourceQuoted{.source = SourceId::from_raw(source),
                     .bid = bad.bid,
                     .ask = bad.ask,
                     .venue_time = stamp(),
                     .number = ExternalId::from_raw(numbers_[source] + 1)});
  }
  BookQuoted bad_book(InstrumentId instrument) {
    const std::array<std::pair<std::int64_t, std::int64_t>, 7> books{
        {{price_ + kSecond, price_ - kSecond},
         {price_, price_},
         {0, price_},
         {price_, kMost},
         {kLeast, kMost},
         {price_ / 2, price_ + price_ / 2},
         {1, 100'000'000 * kSecond}}};
    const auto& [bid, ask] = books[random_.below(books.size())];
    return {.instrument = instrument,
            .bid = Price::from_raw(bid),
            .ask = Price::from_raw(ask),
            .venue_time = stamp()};
  }

  void lie_about_market() {
    // A market by itself that jumps may confirm a lie: see below.
    const InstrumentId instrument =
        InstrumentId::from_raw(static_cast<std::uint32_t>(random_.below(regime_.jumps ? 2 : 3)));
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
  /// What does not exist, or may not be said from outside.
  void lie_about_nothing() {
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

  support::Random random_;
  Regime regime_;
  std::int64_t now_{0};
  std::int64_t price_{0};
  std::int64_t run_{0};
  std::int64_t drift_{0};
  std::int64_t rest_{0};
  std::array<std::uint64_t, kSources> numbers_{};
  std::array<bool, kSources> lying_{};
};

/// What became of garbage, by why nothing came of it.
class Verdicts {
 public:
  /// Looks at every garbage tick of a run; whatever nothing explains is counted as unexplained.
  void add(const core::EngineRun& run, const std::vector<bool>& garbage) {
    std::multimap<std::uint64_t, const Event*> by_cause;
    for (const Event& event : run.events) by_cause.emplace(event.header.cause.raw(), &event);
    std::size_t external = 0;
    for (const Input& input : run.inputs) {
      const auto [first, last] = by_cause.equal_range(input.sequence.raw());
      std::string verdict;
      for (auto at = first; at != last; ++at) follow(*at->second, verdict);
      if (input.origin != Origin::external) continue;
      if (garbage[external++]) ++counts[verdict.empty() ? of_accepted(input) : verdict];
    }
  }

  std::map<std::string, std::size_t> counts;

  [[nodiscard]] std::size_t total() const {
    std::size_t sum = 0;
    for (const auto& [verdict, count] : counts) sum += count;
    return sum;
  }

 private:
  void follow(const Event& event, std::string& verdict) {
    if (const auto* refused = std::get_if<InputRefused>(&event.body)) {
      verdict = "refused: " + std::string{to_string(refused->reason)};
    } else if (const auto* source = std::get_if<SourceStateChanged>(&event.body)) {
      if (source->state == SourceState::quarantined) verdict = "quarantined";
    } else if (const auto* trust = std::get_if<PriceTrustChanged>(&event.body)) {
      if (trust->instrument == kMiddle) frozen_ = trust->trust == Trust::frozen;
      if (trust->reason == TrustReason::velocity) verdict = "frozen for velocity";
    }
  }
  [[nodiscard]] std::string of_accepted(const Input& input) const {
    if (std::holds_alternative<SourcePriced>(input.body)) return "clamped, outvoted or held";
    if (std::holds_alternative<TradePrinted>(input.body)) return "a trade moves no mark";
    const auto* book = std::get_if<BookQuoted>(&input.body);
    if (book == nullptr) return "unexplained";
    if (book->instrument != kMiddle) return "bounded by the index";
    return frozen_ ? "frozen for velocity" : "unexplained";
  }

  bool frozen_{false};
};

std::set<AccountId> liquidated_of(const core::EngineRun& run) {
  std::set<AccountId> result;
  for (const Event& event : run.events) {
    if (std::holds_alternative<LiquidationStarted>(event.body)) {
      result.insert(event.header.account);
    }
  }
  return result;
}

/// Whom honest prices, off by a share, would have liquidated: arithmetic beside the engine.
bool may_be_liquidated(const Position& position, const Feed& feed, double off) {
  return std::any_of(feed.path.begin(), feed.path.end(), [&](std::int64_t honest) {
    const auto mark = static_cast<double>(honest);
    return position.below(mark * (1 - off)) || position.below(mark * (1 + off));
  });
}

struct Totals {
  std::size_t clean{0};
  std::size_t dirty{0};
  std::size_t only_dirty{0};
  Verdicts verdicts;
};

void run_seed(std::uint64_t seed, const Regime& regime, Totals& totals) {
  const reference::Reference reference = market(regime);
  const Feed feed{seed, regime};
  const core::EngineRun clean = core::run_inline(reference, feed.clean, 1, watch::Mode::holders);
  const core::EngineRun dirty = core::run_inline(reference, feed.dirty, 2, watch::Mode::holders);
  const core::EngineRun naive = core::run_inline(reference, feed.dirty, 1, watch::Mode::naive);
  ASSERT_EQ(core::first_difference(dirty.events, naive.events), -1);
  EXPECT_TRUE(clean.audit.conserved());
  EXPECT_TRUE(dirty.audit.conserved());
  const std::set<AccountId> of_clean = liquidated_of(clean);
  const std::set<AccountId> of_dirty = liquidated_of(dirty);
  totals.clean += of_clean.size();
  totals.dirty += of_dirty.size();
  for (const Position& position : feed.positions) {
    if (!of_dirty.contains(position.account)) {
      // The tail is quiet: whoever is below at its price has been liquidated by now.
      EXPECT_FALSE(position.below(static_cast<double>(feed.path.back())))
          << "account " << position.account.raw();
      continue;
    }
    if (!of_clean.contains(position.account)) ++totals.only_dirty;
    const bool exact = regime.basis_max == 0 || position.instrument == kMiddle;
    EXPECT_TRUE(exact ? of_clean.contains(position.account)
                      : may_be_liquidated(position, feed, regime.basis_max))
        << "account " << position.account.raw() << " of " << position.instrument.raw();
  }
  totals.verdicts.add(dirty, feed.garbage);
}

void run_seeds(const char* name, const Regime& regime, std::uint64_t quick) {
  const std::uint64_t seeds = seed_count(quick);
  Totals totals;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    run_seed(seed, regime, totals);
    if (::testing::Test::HasFailure()) break;
  }
  std::printf(
      "%s, seeds 1..%llu: liquidated %zu clean, %zu with garbage (%zu of them only there)\n", name,
      static_cast<unsigned long long>(seeds), totals.clean, totals.dirty, totals.only_dirty);
  std::printf("garbage ticks %zu\n", totals.verdicts.total());
  for (const auto& [verdict, count] : totals.verdicts.counts) {
    std::printf("  %8zu %s\n", count, verdict.c_str());
  }
  EXPECT_EQ(totals.verdicts.counts["unexplained"], 0U);
  EXPECT_GT(totals.clean, 10 * seeds);
  EXPECT_GT(totals.dirty, 10 * seeds);
  EXPECT_GT(totals.verdicts.total(), 100 * seeds);
}

TEST(Garbage, LiquidatesNobodyWhomACleanFeedDoesNot) {
  run_seeds("exact", {}, 24);
}

TEST(Garbage, WithABasisMovesMarksByAtMostTheBasisThatIsAllowed) {
  run_seeds("basis", {.jumps = false, .majority_clean = false, .basis_max = 0.002}, 12);
}

TEST(Garbage, FromAMinorityDoesNotConfirmAJump) {
  run_seeds("jumps", {.jumps = true, .majority_clean = true, .basis_max = 0}, 12);
}

/// How many accounts garbage liquidates that the clean feed does not, over a few seeds.
template <class Weaken>
std::size_t damage(Weaken weaken) {
  std::size_t result = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    reference::Reference rules = market({});
    weaken(rules);
    rules = support::finished(rules);
    const Feed feed{seed, {}};
    const auto clean = liquidated_of(core::run_inline(rules, feed.clean, 1, watch::Mode::holders));
    for (const AccountId account :
         liquidated_of(core::run_inline(rules, feed.dirty, 1, watch::Mode::holders))) {
      result += clean.contains(account) ? 0U : 1U;
    }
  }
  return result;
}

TEST(Garbage, LiquidatesWhereAGuardIsMissing) {
  EXPECT_EQ(damage([](reference::Reference&) {}), 0U);
  const std::size_t without_velocity =
      damage([](reference::Reference& rules) { rules.guards[0].velocity_max = {}; });
  const std::size_t with_mean = damage(
      [](reference::Reference& rules) { rules.indices[0].method = reference::IndexMethod::mean; });
  const std::size_t without_guards =
      damage([](reference::Reference& rules) { rules = credulous(rules); });
  std::printf("only with garbage: %zu without velocity, %zu with a mean, %zu without any guard\n",
              without_velocity, with_mean, without_guards);
  EXPECT_GT(without_velocity, 0U);
  EXPECT_GT(with_mean, 0U);
  EXPECT_GT(without_guards, without_velocity);
}

// The limits of the promise, one by one.

/// A market by itself falls by 15 % and stays there; the tick that is the first one after
/// velocity_hold is a lie. Accounts with a leverage up to 4, which the fall leaves alone.
std::size_t liquidated_by_a_lie_in_time(Duration confirm_time) {
  reference::Reference rules = market({});
  rules.profiles[0].confirm_time = confirm_time;
  std::vector<Input> inputs;
  double now = 0;
  const auto give = [&](const InputBody& body) {
    inputs.push_back(
        {.sequence = {}, .time = EventTime::from_raw(kStart + seconds(now).raw()), .body = body});
  };
  const auto quote = [&](double value) {
    give(BookQuoted{.instrument = kMiddle,
                    .bid = price(value * 0.9999),
                    .ask = price(value * 1.0001),
                    .venue_time = {}});
  };
  quote(50'000);
  for (std::uint64_t i = 1; i <= 20; ++i) {
    const AccountId account = AccountId::from_raw(i);
    give(AccountOpened{.account = account,
                       .owner = OwnerId::from_raw(i),
                       .parent = {},
                       .profile = {},
                       .asset = {}});
    give(Deposited{.account = account, .amount = Amount::from_raw(2'500'000'000), .transfer = {}});
    give(TradeFilled{.account = account,
                     .instrument = kMiddle,
                     .quantity = Quantity::from_raw(200),
                     .price = price(50'000),
                     .fee = {},
                     .fill = {}});
  }
  for (now = 10; now < 15; now += 1) quote(42'500);
  quote(42.5);
  for (now = 15.5; now < 40; now += 1) quote(42'500);
  return liquidated_of(core::run_inline(rules, inputs, 1, watch::Mode::holders)).size();
}

TEST(Garbage, OneMarketAloneBelievesWhateverConfirmsItsJump) {
  EXPECT_EQ(liquidated_by_a_lie_in_time({}), 20U);
}

TEST(Garbage, AccountsWithAConfirmTimeOutlastTheLieThatConfirmsAJump) {
  EXPECT_EQ(liquidated_by_a_lie_in_time(seconds(2)), 0U);
}

/// Five sources see a fall of 0.9 % a second, one after the other.
std::size_t quarantined_in_a_run(Rate clamp) {
  reference::Reference rules = market({});
  rules.indices[0].clamp = clamp;
  Scene scene{kStart / kSecond};
  for (int second = 0; second < 10; ++second) {
    for (unsigned source = 0; source < kSources; ++source) {
      scene.at(second + 0.01 * source);
      scene.says(source, 50'000 * (1 - 0.009 * second));
    }
  }
  return play(rules, scene.inputs()).source_states(SourceState::quarantined);
}

TEST(Garbage, ANarrowClampTakesTheFirstToSeeAFallForALiar) {
  EXPECT_GT(quarantined_in_a_run(rate(0.005)), 0U);
  EXPECT_EQ(quarantined_in_a_run(rate(0.02)), 0U);
}

TEST(Garbage, ANumberThatIsTooHighSilencesASourceUntilItsFeedIsInterrupted) {
  const reference::Reference rules = market({});
  Scene scene{kStart / kSecond};
  scene.says(0, 50'000, {}, 1);
  scene.says(0, 50'000, {}, std::numeric_limits<std::uint64_t>::max());
  scene.says(0, 50'000, {}, 2);
  scene.says(0, 50'000, {}, 3);
  scene.at(20);
  scene.give(SourceReleased{.source = {}, .by = {}, .number = {}});
  scene.says(0, 50'000, {}, 4);
  scene.give(SourceInterrupted{.source = {}, .reason = {}});
  scene.says(0, 50'000, {}, 5);
  const Outcome outcome = play(rules, scene.inputs());
  EXPECT_EQ(outcome.refused(Refusal::number_repeated), 3U);
  EXPECT_EQ(outcome.source_states(SourceState::stale), 1U);
  EXPECT_EQ(outcome.source_states(SourceState::live), 2U);
}

TEST(Garbage, OfAMajorityOfSourcesIsAPriceOnceItHasLasted) {
  const reference::Reference rules = market({});
  std::vector<Input> inputs;
  const auto say = [&](unsigned source, double value, double now) {
    inputs.push_back({.sequence = {},
                      .time = EventTime::from_raw(kStart + seconds(now).raw()),
                      .body = SourcePriced{.source = SourceId::from_raw(source),
                                           .price = price(value),
                                           .venue_time = {},
                                           .number = {}}});
  };
  for (int second = 0; second < 30; ++second) {
    for (unsigned source = 0; source < kSources; ++source) {
      say(source, second < 10 || source > 2 ? 50'000 : 50, second);
    }
  }
  const core::EngineRun run = core::run_inline(rules, inputs, 1, watch::Mode::holders);
  const auto confirmed =
      std::count_if(run.events.begin(), run.events.end(), [](const Event& event) {
        const auto* trust = std::get_if<PriceTrustChanged>(&event.body);
        return trust != nullptr && trust->reason == TrustReason::confirmed &&
               trust->price < price(51);
      });
  EXPECT_EQ(confirmed, 1);
}

}  // namespace
}  // namespace plimsoll::incidents
