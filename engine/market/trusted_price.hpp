#pragma once

#include "engine/reference/price_rules.hpp"
#include "engine/value/modes.hpp"

namespace plimsoll::market {

/// What is to be believed next: a price, or why there is none.
struct Candidate {
  static constexpr std::uint32_t kEnough = 0xffffffffU;  // a mark is not counted by sources

  Price price;  // 0: none
  TrustReason reason{TrustReason::good};
  std::uint32_t sources{kEnough};  // of an index, that agree on it
  // Of a mark whose index is frozen: where it may be.
  bool follows_frozen{false};
  Price low{};
  Price high{};
};

/// One price of the market and how far it is believed: a state that ticks and time move on, by the
/// rules of engine/README.md, "Trust". Pure.
class TrustedPrice {
 public:
  /// What shows, and the interval that it is in.
  struct View {
    Price price;  // 0: not known yet
    Price low;
    Price high;
    Trust trust{Trust::trusted};
    TrustReason reason{TrustReason::good};
    [[nodiscard]] bool frozen() const noexcept { return trust == Trust::frozen; }
    friend bool operator==(const View&, const View&) noexcept = default;
  };

  /// No price is ever below `price_min` or above `price_max`.
  TrustedPrice(const reference::Guard& guard, Price price_min, Price price_max) noexcept
      : guard_{guard}, price_min_{price_min}, price_max_{price_max} {}

  /// Lets time pass up to `now`, and then takes the candidate.
  void update(const Candidate& candidate, EventTime now) noexcept;
  void override_with(Price price, EventTime expires, EventTime now) noexcept;

  [[nodiscard]] const View& view() const noexcept { return view_; }
  /// When time alone changes something: update() is due. 0: never.
  [[nodiscard]] EventTime due() const noexcept;

 private:
  static constexpr EventTime kNever{};

  void believe(Price price, Trust trust, TrustReason reason) noexcept;
  /// Moves are measured from there.
  void anchor_at(Price price, EventTime now) noexcept;
  /// Freezes for a reason; `anew` forgets what was said since the freeze began.
  void freeze(const Candidate& candidate, TrustReason reason, bool anew, EventTime now) noexcept;
  /// Widens the interval as far as the candidate lies outside.
  void cover(const Candidate& candidate) noexcept;
  /// Will time end the freeze?
  [[nodiscard]] bool is_limited() const noexcept;
  /// Is a price farther from another than the guard lets a price move at once?
  [[nodiscard]] bool is_far(Price price, Price from) const noexcept;
  void take(const Candidate& candidate, EventTime now, TrustReason good) noexcept;
  void follow(const Candidate& candidate) noexcept;

  const reference::Guard& guard_;
  Price price_min_;
  Price price_max_;
  View view_;
  Price anchor_;  // what moves are measured against, and since when
  EventTime anchored_;
  EventTime frozen_since_;
  EventTime far_since_;  // the candidates are, and agree; kNever: they do not
  Price far_;            // the last of them
  EventTime expires_;    // of an override
};

}  // namespace plimsoll::market
