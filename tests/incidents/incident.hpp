#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/message/event.hpp"
#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

// What went wrong at other venues, as inputs: a venue with its guards as data, a crowd of accounts,
// and the prices of the day.

namespace plimsoll::incidents {

[[nodiscard]] Price price(double value);
[[nodiscard]] Rate rate(double value);
[[nodiscard]] Duration seconds(double value);

// Venues.

inline constexpr AssetId kDollar = AssetId::from_raw(0);  // USDT, 6 decimals, the numeraire
inline constexpr AssetId kCoin = AssetId::from_raw(1);    // BTC, 8 decimals
inline constexpr InstrumentId kContract = InstrumentId::from_raw(0);
inline constexpr IndexId kFirstIndex = IndexId::from_raw(0);
inline constexpr IndexId kSecondIndex = IndexId::from_raw(1);

/// A venue without instruments and indices. Its one profile liquidates below maintenance margin and
/// never before; calls last longer than any incident. Debts need 5 % (10 % at first).
[[nodiscard]] reference::Reference venue();

/// Appends a contract. Linear: of one coin, settled in dollars, in steps of 0.001. Inverse: of so
/// many dollars, settled in coin.
void add_linear(reference::Reference& reference, const char* symbol, double maintenance,
                double price_max);
void add_inverse(reference::Reference& reference, const char* symbol, std::int64_t dollars,
                 double maintenance);

/// Appends a guard without limits.
reference::Guard& add_guard(reference::Reference& reference, const char* name);

/// Appends an index, the mean of what its sources say, with the guard added last.
IndexId add_index(reference::Reference& reference, const char* name, double clamp,
                  const std::vector<const char*>& sources, AssetId asset = kNoAsset);

/// The same venue as it would be without any guard: everything is believed as it comes.
[[nodiscard]] reference::Reference credulous(reference::Reference reference);
/// One source makes the index of its own alone; what the others say is not looked at.
void listen_only_to(reference::Reference& reference, SourceId source);

// Inputs.

/// An account with a position, and what it was opened with.
struct Holder {
  AccountId account;
  std::int64_t quantity;
  double entry;
  double money;  // in units of the asset that the contract settles in
};

enum class Sides : std::uint8_t { both, longs, shorts };

struct CrowdTerms {
  std::size_t count;
  double entry;
  double leverage_min;
  double leverage_max;
  Sides sides{Sides::both};
  double notional{10'000};  // of each, in dollars
};

/// The inputs of a day, in the order in which they arrive.
class Scene {
 public:
  /// `start`: seconds since 1970-01-01 UTC.
  explicit Scene(std::int64_t start) : start_{EventTime::from_raw(start * 1'000'000'000)} {}

  /// What is given next arrives so many seconds after the start. REQUIRES: time does not go back.
  void at(double seconds);
  [[nodiscard]] EventTime time_at(double seconds) const;
  [[nodiscard]] EventTime now() const noexcept { return now_; }

  void give(const InputBody& body);
  void says(unsigned source, double value, EventTime stamped = {}, std::uint64_t number = 0);
  void book(double bid, double ask);
  void trade(double value);

  /// An account with money and one position in the contract, opened now.
  Holder open(const reference::Reference& reference, std::int64_t quantity, double entry,
              double money);
  /// Accounts whose leverages lie evenly between the two given.
  std::vector<Holder> crowd(const reference::Reference& reference, const CrowdTerms& terms);
  /// A multi-asset account that has one asset and owes another.
  AccountId borrow(const reference::Reference& reference, AssetId has, double amount, AssetId owes,
                   double debt);

  [[nodiscard]] const std::vector<Input>& inputs() const noexcept { return inputs_; }

 private:
  AccountId next_account();
  void deposit(const reference::Reference& reference, AccountId account, AssetId asset,
               double amount);

  EventTime start_;
  EventTime now_{start_};
  std::vector<Input> inputs_;
  std::uint64_t accounts_{0};
};

/// How many holders are below maintenance margin at a price of the contract: arithmetic of its own.
[[nodiscard]] std::size_t below_at(const reference::Reference& reference,
                                   const std::vector<Holder>& holders, double mark);

// Runs.

/// How many accounts are to be liquidated.
struct Expected {
  std::size_t guarded;     // by the incident, with the guard
  std::size_t without;     // without any
  std::size_t weakened;    // with the guard, one parameter off
  std::size_t afterwards;  // with the guard, once what is true is as bad as what was said
};

/// An incident, ready to be played.
struct Incident {
  const char* name;
  const char* verdict;   // what the guard makes of it, in words
  const char* weakness;  // what is off in `weakened`
  reference::Reference guarded;
  reference::Reference without;
  reference::Reference weakened;
  std::vector<Input> inputs;            // of the incident
  std::vector<Input> unguarded_inputs;  // the same, as they would be without the guard
  std::vector<Input> aftermath;         // of the incident, and of a true fall after it
  Expected expected;
};

/// What a run said.
struct Outcome {
  std::vector<Event> events;
  std::set<AccountId> liquidated;

  template <class Body>
  [[nodiscard]] std::vector<Body> said() const {
    std::vector<Body> bodies;
    for (const Event& event : events) {
      if (const auto* body = std::get_if<Body>(&event.body)) bodies.push_back(*body);
    }
    return bodies;
  }
  [[nodiscard]] std::size_t refused(Refusal reason) const;
  [[nodiscard]] std::size_t distrusted(TrustReason reason) const;
  [[nodiscard]] std::size_t source_states(SourceState state) const;
};

/// Runs the engine.
[[nodiscard]] Outcome play_once(const reference::Reference& reference,
                                const std::vector<Input>& inputs);
/// Runs the engine, with watches and without, on one shard and on three: all must agree and
/// conserve money.
[[nodiscard]] Outcome play(const reference::Reference& reference, const std::vector<Input>& inputs);

// The incidents.

[[nodiscard]] Incident outlier_that_was_to_be_excluded();  // Deribit 2019-10-31
[[nodiscard]] Incident feeds_that_fall_silent();           // Deribit's rules since 2019-12-03
[[nodiscard]] Incident two_that_deviate();                 // Binance's index rules
[[nodiscard]] Incident publishers_near_zero();             // Pyth 2021-09-20
[[nodiscard]] Incident trade_at_any_price();               // Binance 2020-08-02
[[nodiscard]] Incident orders_that_came_late();            // BitMEX 2020-03-13
[[nodiscard]] Incident pumped_coin();                      // Hyperliquid 2025-03-26
[[nodiscard]] Incident collateral_in_a_thin_book();        // Binance 2025-10-10
[[nodiscard]] Incident dollar_at_one_thirty();             // Compound 2020-11-26
[[nodiscard]] Incident machine_that_does_not_stop();       // Knight 2012-08-01

}  // namespace plimsoll::incidents
