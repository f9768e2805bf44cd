// Goal: accounts opened at once, with what they hold, are followed like those that came as inputs:
// every event of what comes after is the same. Method: random books and histories, and every short
// prelude to the first prices of two accounts, both ways; naive, watched, on several shards.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <map>

#include <gtest/gtest.h>

#include "tests/core/run_engine.hpp"
#include "tests/support/describe.hpp"
#include "tests/support/random_book.hpp"
#include "tests/support/reference_builder.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::core {
namespace {

constexpr EventTime kStart = EventTime::from_raw(1'700'000'000'000'000'000);

std::uint64_t seed_count(std::uint64_t quick) {
  const char* factor = std::getenv("PLIMSOLL_SEEDS_FACTOR");
  return factor == nullptr ? quick : quick * std::max(1ULL, std::strtoull(factor, nullptr, 10));
}

Input at(EventTime time, const InputBody& body) {
  return {.sequence = {}, .time = time, .origin = {}, .body = body};
}

/// How a book gets into the engine.
enum class Way { told, at_once, in_two_parts };

Openings first_half(const Openings& book) {
  const auto accounts = book.accounts.first(book.accounts.size() / 2);
  std::size_t lines = 0;
  for (const PackedAccount& account : accounts) lines += account.lines;
  return {accounts, book.lines.first(lines)};
}

/// What an engine runs on. `later`: naive from the first input after the book on.
struct Engine {
  const char* name;
  ShardIndex shards;
  watch::Mode mode;
  bool later{false};
};
constexpr Engine kNaive{"naive", 1, watch::Mode::naive};
constexpr Engine kWatched{"watched", 1, watch::Mode::bands};

/// Inline shards that notice when something is awaited that they were never given: on threads that
/// would wait for ever.
class NoticingFabric : public InlineFabric {
 public:
  using InlineFabric::InlineFabric;
  void broadcast(const Sequenced& sequenced, Publisher& publisher) {
    given_ = sequenced.input.sequence;
    InlineFabric::broadcast(sequenced, publisher);
  }
  void await(Sequence sequence, Publisher& /*publisher*/) noexcept {
    in_vain_ = in_vain_ || sequence > given_;
  }
  [[nodiscard]] bool awaited_in_vain() const noexcept { return in_vain_; }

 private:
  Sequence given_;
  bool in_vain_{false};
};

/// An engine with a book, and everything that it says.
class BookRun {
 public:
  BookRun(const reference::Reference& reference, const Engine& engine)
      : reference_{reference},
        engine_{engine},
        fabric_{reference, engine.shards, engine.mode},
        sequencer_{reference, fabric_} {}

  void open(const Openings& book, EventTime time, Way way) {
    if (way == Way::told) {
      book.for_each_input([&](const InputBody& body) { submit(at(time, body)); });
    } else if (way == Way::in_two_parts) {
      const Openings first = first_half(book);
      const std::size_t lines = first.lines.size();
      EXPECT_FALSE(sequencer_.open(first, time));
      EXPECT_FALSE(sequencer_.open(
          {book.accounts.subspan(first.accounts.size()), book.lines.subspan(lines)}, time));
    } else {
      const auto fault = sequencer_.open(book, time);
      EXPECT_FALSE(fault) << "account " << fault->account.raw() << ": "
                          << to_string(fault->refusal);
    }
    if (!engine_.later) return;
    sequencer_.publish_all();
    fabric_.watch_as(watch::Mode::naive);
  }
  void submit(const Input& input) { sequencer_.submit(input); }
  [[nodiscard]] const marks::Marks& marks() const { return sequencer_.marks(); }

  [[nodiscard]] std::vector<Event> finish() {
    sequencer_.publish_all();
    EXPECT_TRUE(audit(reference_, fabric_, sequencer_.house()).conserved());
    EXPECT_FALSE(fabric_.awaited_in_vain());
    return {sequencer_.published().begin(), sequencer_.published().end()};
  }
  [[nodiscard]] Sequence last_sequence() const { return sequencer_.last_sequence(); }

 private:
  const reference::Reference& reference_;
  Engine engine_;
  NoticingFabric fabric_;
  Sequencer<NoticingFabric> sequencer_;
};

void expect_same(const std::vector<Event>& expected, const std::vector<Event>& actual,
                 const std::string& what) {
  const std::ptrdiff_t place = first_difference(expected, actual);
  ASSERT_EQ(place, -1) << what << ", event " << place + 1 << "\nexpected "
                       << describe(expected, place) << "\nactual   " << describe(actual, place);
  EXPECT_EQ((EngineRun{{}, expected, {}}.hash()), (EngineRun{{}, actual, {}}.hash())) << what;
}

// Random books.

/// A book and what happens then.
struct Case {
  explicit Case(std::uint64_t seed)
      : reference{seed % 2 == 0 ? support::random_reference(seed)
                                : support::guarded_reference(seed)},
        book{support::random_book(reference, seed, 8 + seed % 17)},
        inputs{support::history_of(reference, book, seed, {.accounts = 20, .inputs = 1'500})} {}

  [[nodiscard]] EventTime start() const { return inputs.front().time; }

  reference::Reference reference;
  support::RandomBook book;
  std::vector<Input> inputs;
};

/// What is there before the book.
struct Before {
  bool fund{true};  // one input
  Duration lead{};  // from that to the book
};

std::vector<Event> events_of(const Case& random, const Engine& engine, Way way,
                             const Before& before = {}) {
  BookRun run{random.reference, engine};
  if (before.fund) {
    const EventTime first = random.start() + -before.lead;
    run.submit(at(first, FundEndowed{support::kUsdt, Amount::from_raw(1'000)}));
  }
  run.open(random.book.openings(), random.start(), way);
  for (const Input& input : random.inputs) run.submit(input);
  return run.finish();
}

/// Which accounts of the book hold what.
std::map<AccountId, std::vector<InstrumentId>> holdings_of(const Openings& book) {
  std::map<AccountId, std::vector<InstrumentId>> holdings;
  book.for_each([](const PackedAccount&) {},
                [&](const PackedAccount& account, std::span<const OpeningLine> lines) {
                  for (const OpeningLine& line : lines)
                    holdings[account.account].push_back(line.instrument);
                  return true;
                });
  return holdings;
}

/// What a run must have met to show anything.
struct Reach {
  std::size_t events{0};
  std::size_t of_book{0};       // of them of accounts of the book
  std::size_t liquidations{0};  // of them of the book
  std::size_t half_priced{0};   // inputs of accounts of which some lines have a price, some none
  std::size_t funded{0};        // funding of an instrument that has never had a price
  std::size_t first_prices{0};  // that did not come together

  void add_inputs(const Case& random);
  void add_events(const Case& random, const std::vector<Event>& all);
};

std::size_t priced_count(const reference::Reference& reference, const marks::Marks& marks) {
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < reference.instruments.size(); ++i) {
    count += marks.known(InstrumentId::from_raw(i)) ? 1 : 0;
  }
  return count;
}

bool half_priced(const std::vector<InstrumentId>& lines, const marks::Marks& marks) {
  const auto known = [&](InstrumentId id) { return marks.known(id); };
  return std::any_of(lines.begin(), lines.end(), known) &&
         !std::all_of(lines.begin(), lines.end(), known);
}

void Reach::add_inputs(const Case& random) {
  auto holdings = holdings_of(random.book.openings());
  BookRun run{random.reference, kNaive};
  std::size_t priced = 0;
  for (const Input& input : random.inputs) {
    const auto* funding = std::get_if<FundingSettled>(&input.body);
    funded += funding != nullptr &&
                      funding->instrument.raw() < random.reference.instruments.size() &&
                      !run.marks().known(funding->instrument)
                  ? 1
                  : 0;
    std::visit(
        [&](const auto& body) {
          if constexpr (requires { body.account; }) {
            half_priced += core::half_priced(holdings[body.account], run.marks()) ? 1 : 0;
          }
        },
        input.body);
    if (is_tick(input)) run.submit(input);
    const std::size_t now = priced_count(random.reference, run.marks());
    first_prices += now != priced ? 1 : 0;
    priced = now;
  }
}

void Reach::add_events(const Case& random, const std::vector<Event>& all) {
  const auto holdings = holdings_of(random.book.openings());
  events += all.size();
  for (const Event& event : all) {
    if (!holdings.contains(event.header.account)) continue;
    ++of_book;
    liquidations += std::holds_alternative<LiquidationStarted>(event.body) ? 1 : 0;
  }
}

TEST(Openings, SayTheSameAsTheInputsOnEveryEngine) {
  Reach reach;
  const std::uint64_t seeds = seed_count(24);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const Case random{seed};
    const auto expected = events_of(random, kNaive, Way::told);
    reach.add_inputs(random);
    reach.add_events(random, expected);
    for (const Engine& engine : {kNaive, kWatched, Engine{"3 shards", 3, watch::Mode::bands},
                                 Engine{"naive later", 1, watch::Mode::bands, true}}) {
      ASSERT_NO_FATAL_FAILURE(expect_same(expected, events_of(random, engine, Way::at_once),
                                          "seed " + std::to_string(seed) + ", " + engine.name));
    }
  }
  std::cout << seeds << " seeds, events compared: " << reach.events << ", of accounts of the books "
            << reach.of_book << ", their liquidations " << reach.liquidations
            << "\nfirst prices one after the other: " << reach.first_prices
            << ", inputs of accounts with some of their prices: " << reach.half_priced
            << ", funding before a price: " << reach.funded << "\n";
  EXPECT_GT(reach.events, 10'000U);
  EXPECT_GT(reach.of_book, 1'500U);
  EXPECT_GT(reach.liquidations, 50U);
  EXPECT_GT(reach.first_prices, 100U);
  EXPECT_GT(reach.half_priced, 300U);
  EXPECT_GT(reach.funded, 50U);
}

TEST(Openings, InTwoPartsSayTheSame) {
  for (std::uint64_t seed = 100; seed < 100 + seed_count(8); ++seed) {
    const Case random{seed};
    ASSERT_NO_FATAL_FAILURE(expect_same(events_of(random, kWatched, Way::told),
                                        events_of(random, kWatched, Way::in_two_parts),
                                        "seed " + std::to_string(seed)));
  }
}

TEST(Openings, SayTheSameWhenNothingComesBeforeThem) {
  for (std::uint64_t seed = 1; seed <= seed_count(12); ++seed) {
    const Case random{seed};
    ASSERT_NO_FATAL_FAILURE(expect_same(events_of(random, kWatched, Way::told, {.fund = false}),
                                        events_of(random, kWatched, Way::at_once, {.fund = false}),
                                        "seed " + std::to_string(seed)));
  }
}

TEST(Openings, SayTheSameWhenTimeHasPassedBeforeThem) {
  const Before before{.lead = Duration::from_raw(10'000'000'000)};
  for (std::uint64_t seed = 1; seed <= seed_count(12); ++seed) {
    const Case random{seed};
    ASSERT_NO_FATAL_FAILURE(expect_same(events_of(random, kWatched, Way::told, before),
                                        events_of(random, kWatched, Way::at_once, before),
                                        "seed " + std::to_string(seed)));
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

// Every short prelude.

constexpr std::int64_t kWhole = 1'000'000'000;
constexpr AccountId kOne = AccountId::from_raw(1);
constexpr AccountId kHedged = AccountId::from_raw(2);
constexpr std::array kThree{support::kBtc, support::kEth, support::kCheap};

PackedAccount account_of(AccountId account, std::int64_t units, std::uint32_t lines,
                         PositionMode mode = PositionMode::one_way) {
  return {.account = account,
          .owner = OwnerId::from_raw(account.raw()),
          .parent = {},
          .balance = Amount::from_raw(units * 1'000'000),
          .profile = support::kRetail,
          .asset = support::kUsdt,
          .lines = lines,
          .position_mode = mode};
}

Price start_of(const reference::Reference& reference, InstrumentId id) {
  return support::starting_price(reference.instruments[id.raw()]);
}

/// So many dollars of an instrument, bought at the price of the start.
OpeningLine line_of(const reference::Reference& reference, InstrumentId id, std::int64_t dollars,
                    PositionSide side = PositionSide::net) {
  const reference::Instrument& rules = reference.instruments[id.raw()];
  const Int128 units = Int128{dollars} * kWhole * power_of_ten(rules.quantity_decimals);
  return {.quantity = Quantity::from_raw(narrow(units / start_of(reference, id).raw())),
          .entry_price = start_of(reference, id),
          .instrument = id,
          .side = side};
}

/// An account with nothing: it comes first or last, where accounts come as inputs.
PackedAccount idle_account(std::uint64_t account) {
  return account_of(AccountId::from_raw(account), 5, 0);
}

/// An account with three lines and a hedged one with three in two instruments, between two with
/// nothing. Any of their lines is the end of them at seven tenths of its price.
support::RandomBook small_book(const reference::Reference& reference) {
  constexpr PositionSide kLong = PositionSide::long_side;
  constexpr PositionSide kShort = PositionSide::short_side;
  support::RandomBook book;
  book.accounts = {idle_account(3), account_of(kOne, 500, 3),
                   account_of(kHedged, 400, 3, PositionMode::hedge), idle_account(4)};
  book.lines = {line_of(reference, support::kBtc, 10'000),
                line_of(reference, support::kEth, 6'000),
                line_of(reference, support::kCheap, 2'000),
                line_of(reference, support::kBtc, 9'000, kLong),
                line_of(reference, support::kBtc, -2'000, kShort),
                line_of(reference, support::kEth, 3'000, kLong)};
  return book;
}

/// A fill that closes a line.
InputBody closing(AccountId account, const OpeningLine& line) {
  return TradeFilled{.account = account,
                     .instrument = line.instrument,
                     .quantity = -line.quantity,
                     .price = line.entry_price,
                     .fee = {},
                     .fill = {},
                     .side = line.side};
}

/// What may happen before all prices are known.
std::vector<InputBody> happenings(const reference::Reference& reference) {
  const support::RandomBook book = small_book(reference);
  const auto mark = [&](InstrumentId id) {
    return InputBody{MarkPublished{id, start_of(reference, id), {}, {}}};
  };
  const reference::Instrument& btc = reference.instruments[support::kBtc.raw()];
  return {mark(support::kBtc),
          mark(support::kEth),
          mark(support::kCheap),
          Deposited{kOne, Amount::from_raw(1), {}, support::kUsdt},
          closing(kOne, book.lines[0]),
          closing(kOne, book.lines[1]),
          closing(kHedged, book.lines[3]),
          closing(kHedged, book.lines[5]),
          FundingSettled{support::kBtc, Rate::from_raw(1'000), start_of(reference, support::kBtc)},
          FundingEstimated{support::kEth, Rate::from_raw(1'000)},
          InstrumentChanged{support::kBtc, btc.tiers_long, btc.tiers_short, btc.status},
          LeverageRequested{kOne, support::kBtcUsdc, Rate::from_raw(5 * kWhole)}};
}

/// The prelude, then all prices, many of them the first, far below those of the start, in one order
/// or the other; and once more a little lower.
std::vector<Input> history_after(const reference::Reference& reference,
                                 const std::vector<InputBody>& prelude, bool reversed) {
  std::vector<Input> inputs;
  std::int64_t milliseconds = 0;
  const auto add = [&](const InputBody& body) {
    const Duration after = Duration::from_raw(7'000'000 * ++milliseconds);
    inputs.push_back(at(kStart + after, body));
  };
  for (const InputBody& body : prelude) add(body);
  for (const std::int64_t per_mille : {700, 699}) {
    for (std::size_t i = 0; i < kThree.size(); ++i) {
      const InstrumentId id = kThree[reversed ? kThree.size() - 1 - i : i];
      const std::int64_t price = start_of(reference, id).raw() / 1'000 * per_mille;
      add(MarkPublished{id, Price::from_raw(price), {}, {}});
    }
  }
  return inputs;
}

std::vector<Event> events_after(const reference::Reference& reference,
                                const std::vector<Input>& inputs, Way way) {
  const support::RandomBook book = small_book(reference);
  BookRun run{reference, kWatched};
  run.open(book.openings(), kStart, way);
  for (const Input& input : inputs) run.submit(input);
  return run.finish();
}

std::string text_of(const std::vector<Input>& inputs) {
  std::string text;
  for (const Input& input : inputs) text += "\n  " + support::describe(input);
  return text;
}

/// The digits of a number in a base say which happenings come, one after the other.
std::vector<InputBody> prelude_of(std::size_t number, std::size_t length,
                                  const std::vector<InputBody>& all) {
  std::vector<InputBody> prelude;
  for (std::size_t i = 0; i < length; ++i, number /= all.size()) {
    prelude.push_back(all[number % all.size()]);
  }
  return prelude;
}

TEST(Openings, SayTheSameWhateverComesBeforeTheFirstPrices) {
  constexpr std::size_t kLength = 3;
  reference::Reference reference = support::small_reference();
  reference.limits = {8, 64};
  reference = support::finished(std::move(reference));
  const auto all = happenings(reference);
  std::size_t liquidations = 0;
  const std::size_t preludes = all.size() * all.size() * all.size();
  for (std::size_t number = 0; number < 2 * preludes; ++number) {
    const auto prelude = prelude_of(number % preludes, kLength, all);
    const auto inputs = history_after(reference, prelude, number >= preludes);
    const auto expected = events_after(reference, inputs, Way::told);
    ASSERT_NO_FATAL_FAILURE(expect_same(expected, events_after(reference, inputs, Way::at_once),
                                        "prelude" + text_of(inputs)));
    for (const Event& event : expected) {
      liquidations += std::holds_alternative<LiquidationStarted>(event.body) ? 1 : 0;
    }
  }
  std::cout << 2 * preludes << " preludes, liquidations " << liquidations << "\n";
  EXPECT_GT(liquidations, preludes);
}

TEST(Openings, OfTwoLinesInOnePositionAreFollowedLikeItsFills) {
  const reference::Reference reference = support::small_reference();
  support::RandomBook book;
  book.accounts = {idle_account(3), account_of(kOne, 500, 3), idle_account(4)};
  book.lines = {line_of(reference, support::kBtc, 4'000), line_of(reference, support::kBtc, 6'000),
                line_of(reference, support::kEth, 6'000)};
  const auto inputs = history_after(reference, {}, false);
  const auto events = [&](Way way) {
    BookRun run{reference, kWatched};
    run.open(book.openings(), kStart, way);
    for (const Input& input : inputs) run.submit(input);
    return run.finish();
  };
  const auto expected = events(Way::told);
  EXPECT_FALSE(expected.empty());
  expect_same(expected, events(Way::at_once), "two lines in one position");
}

// What is refused.

class RefusedOpenings : public ::testing::TestWithParam<ShardIndex> {
 protected:
  /// Six accounts of different owners with a line each.
  RefusedOpenings() {
    for (std::uint64_t i = 1; i <= 6; ++i) {
      book_.accounts.push_back(account_of(AccountId::from_raw(i), 100, 1));
      book_.lines.push_back(line_of(reference_, support::kBtc, 1'000));
    }
  }
  void expect_fault(std::uint64_t account, Refusal refusal) {
    InlineFabric fabric{reference_, GetParam(), watch::Mode::bands};
    Sequencer<InlineFabric> sequencer{reference_, fabric};
    const auto fault = sequencer.open(book_.openings(), kStart);
    ASSERT_TRUE(fault) << to_string(refusal);
    EXPECT_EQ(fault->account.raw(), account);
    EXPECT_EQ(to_string(fault->refusal), to_string(refusal));
  }

  reference::Reference reference_ = support::small_reference();
  support::RandomBook book_;
};

TEST_P(RefusedOpenings, NameTheAccountThatIsOneTooMany) {
  reference_.limits.accounts = 4;
  expect_fault(5, Refusal::capacity_exhausted);
}

TEST_P(RefusedOpenings, NameTheAccountWhoseTermsAreWrong) {
  const PackedAccount good = book_.accounts[3];
  book_.accounts[3].account = book_.accounts[1].account;
  expect_fault(2, Refusal::account_exists);
  book_.accounts[3] = good;
  book_.accounts[3].account = {};
  expect_fault(0, Refusal::account_exists);
  book_.accounts[3] = good;
  book_.accounts[3].parent = AccountId::from_raw(5);  // it comes later
  expect_fault(4, Refusal::parent_unknown);
  book_.accounts[3] = good;
  book_.accounts[3].mode = MarginMode::isolated;
  expect_fault(4, Refusal::parent_unknown);
  book_.accounts[3] = good;
  book_.accounts[3].profile = ProfileId::from_raw(2);
  expect_fault(4, Refusal::reference_unknown);
  book_.accounts[3] = good;
  book_.accounts[3].asset = AssetId::from_raw(2);
  expect_fault(4, Refusal::reference_unknown);
  book_.accounts[3] = good;
  book_.accounts[3].mode = static_cast<MarginMode>(3);
  expect_fault(4, Refusal::mode_unsupported);
  book_.accounts[3] = good;
  book_.accounts[3].position_mode = static_cast<PositionMode>(2);
  expect_fault(4, Refusal::mode_unsupported);
}

TEST_P(RefusedOpenings, NameTheAccountWhoseHoldingsAreWrong) {
  book_.accounts[3].balance = Amount::from_raw(-1);
  expect_fault(4, Refusal::amount_not_positive);
  book_.accounts[3].balance = {};
  const OpeningLine good = book_.lines[3];
  book_.lines[3].instrument = InstrumentId::from_raw(4);
  expect_fault(4, Refusal::reference_unknown);
  book_.lines[3] = good;
  book_.lines[3].instrument = support::kBtcUsdc;
  expect_fault(4, Refusal::asset_mismatch);
  book_.lines[3] = good;
  book_.lines[3].quantity = {};
  expect_fault(4, Refusal::quantity_off_lot);
  book_.lines[3] = good;
  book_.lines[3].entry_price = {};
  expect_fault(4, Refusal::price_out_of_range);
  book_.lines[3] = good;
  book_.lines[3].side = PositionSide::long_side;
  expect_fault(4, Refusal::side_mismatch);
}

TEST_P(RefusedOpenings, NameTheAccountThatHoldsWhatIsNotListed) {
  reference_.instruments[support::kEth.raw()].status = InstrumentStatus::unlisted;
  book_.lines[3].instrument = support::kEth;
  expect_fault(4, Refusal::not_trading);
}

TEST_P(RefusedOpenings, NameTheLastAccountToo) {
  const PackedAccount good = book_.accounts.back();
  book_.accounts.back().profile = ProfileId::from_raw(2);
  expect_fault(6, Refusal::reference_unknown);
  book_.accounts.back() = good;
  book_.lines.back().quantity = {};
  expect_fault(6, Refusal::quantity_off_lot);
}

INSTANTIATE_TEST_SUITE_P(Shards, RefusedOpenings, ::testing::Values(1U, 3U));

TEST(Openings, OfNobodyChangeNothing) {
  const reference::Reference reference = support::small_reference();
  BookRun run{reference, kWatched};
  run.open({}, kStart, Way::at_once);
  EXPECT_EQ(run.last_sequence().raw(), 0U);
  EXPECT_TRUE(run.finish().empty());
}

TEST(Openings, CountAsTheInputsThatSayTheSame) {
  const reference::Reference reference = support::random_reference(2);
  const support::RandomBook book = support::random_book(reference, 2, 24);
  BookRun told{reference, kWatched};
  BookRun at_once{reference, kWatched};
  told.open(book.openings(), kStart, Way::told);
  at_once.open(book.openings(), kStart, Way::at_once);
  EXPECT_GT(told.last_sequence().raw(), 2 * book.accounts.size());
  EXPECT_EQ(told.last_sequence(), at_once.last_sequence());
}

}  // namespace
}  // namespace plimsoll::core
