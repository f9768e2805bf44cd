#pragma once

#include <array>
#include <cmath>

#include "tests/incidents/incident.hpp"
#include "tests/support/random.hpp"

// Feeds of three contracts and an index of five sources, clean and with garbage in between.

namespace plimsoll::incidents {

inline constexpr std::int64_t kSecond = 1'000'000'000;
inline constexpr std::int64_t kStart = 1'700'000'000 * kSecond;
inline constexpr unsigned kSources = 5;
inline constexpr InstrumentId kBasis = InstrumentId::from_raw(0);   // marked at index and basis
inline constexpr InstrumentId kMedian = InstrumentId::from_raw(1);  // at the median of three
inline constexpr InstrumentId kMiddle = InstrumentId::from_raw(2);  // at the middle of its own book

/// What a feed is like.
struct Regime {
  bool jumps{false};           // honest prices jump by more than velocity_max
  bool majority_clean{false};  // at most two sources lie at a time
  double basis_max{0};
};

/// The venue of these feeds.
[[nodiscard]] reference::Reference feed_venue(const Regime& regime);

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

/// A clean feed, and the same with garbage in between: one tick in five of the first 80 seconds.
class Feed {
 public:
  Feed(std::uint64_t seed, const Regime& regime);

  std::vector<Input> clean;
  std::vector<Input> dirty;
  std::vector<bool> garbage;  // of `dirty`, which
  std::vector<Position> positions;
  std::vector<std::int64_t> path;  // of the price

 private:
  void give(const InputBody& body);
  void lie(const InputBody& body);

  void begin();
  /// About 10,000 dollars, leverage from 3 to 40.
  void open(AccountId account, std::uint32_t contract);

  /// At most 1 % a second, in runs that add up; or a jump, and rest until it is confirmed.
  void move();

  /// One second: everybody says the price, one after the other.
  void say(bool with_garbage);

  InputBody tick(std::uint32_t source);
  /// Venues stamp 20 ms before a tick arrives.
  [[nodiscard]] EventTime stamp(std::int64_t off = 0) const;
  static InputBody priced(std::uint32_t source, std::int64_t value, EventTime stamped,
                          std::uint64_t number);
  static BookQuoted book(InstrumentId instrument, std::int64_t middle, std::int64_t half,
                         EventTime stamped);

  /// A price that nobody means.
  std::int64_t wild_price();
  /// A wrong price that a good stamp and number would make believable.
  std::int64_t wrong_price();
  /// A stamp that no tick of now can have.
  EventTime wild_stamp();

  void lie_somehow();

  void lie_about_source();
  /// With a good stamp and number.
  void lie_plainly(std::uint32_t source);
  /// Crossed, locked, one-sided or wide.
  void lie_with_book(std::uint32_t source);
  BookQuoted bad_book(InstrumentId instrument);

  void lie_about_market();
  /// What does not exist, or may not be said from outside.
  void lie_about_nothing();

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

}  // namespace plimsoll::incidents
