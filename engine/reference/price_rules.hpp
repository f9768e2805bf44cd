#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/value/types.hpp"

// Which prices may be believed: guards, the sources of an index, and how an index comes about from
// them. Plain rules of the reference; engine/market applies them.

namespace plimsoll::reference {

/// What ends a freeze that has lasted `freeze_max`.
enum class AfterFreeze : std::uint8_t {
  wait,    // nothing: a price that is good again, or an operator
  accept,  // the price that was not believed, or else the one held, counts again: degraded
};

/// When a price is believed. A limit of 0 is none.
struct Guard {
  std::string name;
  Duration age_max;          // without a good tick for so long it is stale
  Duration skew_max;         // of a venue's clock, against what is usual of it
  Duration clock_error_max;  // of a venue's clock at all; 0: venue times are not looked at
  Rate spread_max;           // (ask - bid) / bid; a wider book has no middle
  Rate velocity_max;         // a move by more within velocity_window is not believed at once
  Duration velocity_window;
  Duration velocity_hold;             // it is once it has lasted so long
  std::uint32_t velocity_sources{1};  // and as many live sources are within the clamp
  Rate freeze_width;                  // what a price that is not believed may be off, either way
  Duration freeze_max;
  AfterFreeze after{AfterFreeze::wait};
};

/// Which price of a market a source is.
enum class SourceField : std::uint8_t {
  quote,  // the middle of the best bid and ask
  trade,  // the last trade
  mark,   // the venue's mark price
  index,  // the venue's own index
};

/// A price that goes into an index.
struct Source {
  std::string name;
  std::string venue;   // a name of feeds/README.md: "binance-spot"
  std::string symbol;  // as the venue writes it
  SourceField field{SourceField::quote};
  IndexId index;            // what it goes into
  AssetId quote{kNoAsset};  // converted at that asset's index; none: quoted as the index is
  Rate weight{Rate::from_raw(kRateOne)};
};

enum class IndexMethod : std::uint8_t {
  mean,      // of the clamped prices, each the same
  weighted,  // of the clamped prices, by weight
  median,    // the middle one, of an even number the mean of the two
};

/// One price from several sources.
struct Index {
  std::string name;
  AssetId asset{kNoAsset};  // whose index it is; none: that of instruments only
  GuardId guard;
  IndexMethod method{IndexMethod::mean};
  Rate clamp;                         // prices farther from the median count as that far
  std::uint32_t quorum{1};            // live sources that it needs
  std::uint32_t quarantine_after{0};  // own ticks in a row beyond the clamp; 0: never
  Duration quarantine_time;           // how long a liar is left out; 0: until released
  Price price_max;                    // of its sources, and of itself
  std::vector<SourceId> sources;      // ascending; by finish()
};

/// Where the mark of an instrument comes from.
enum class MarkMethod : std::uint8_t {
  automatic,    // the venue's own once there was one, before that the middle of its book
  venue,        // the venue's own
  middle,       // of its book
  index_basis,  // index + the mean basis of its book, weighted exponentially
  median,       // of index with funding basis, index_basis, and the middle of its book
  last_trade,   // for replay only: one trade can be anything
};

/// Its word in configurations and on the command line.
[[nodiscard]] constexpr std::string_view to_string(MarkMethod method) noexcept {
  switch (method) {
    case MarkMethod::automatic:
      return "automatic";
    case MarkMethod::venue:
      return "venue";
    case MarkMethod::middle:
      return "middle";
    case MarkMethod::index_basis:
      return "index_basis";
    case MarkMethod::median:
      return "median";
    case MarkMethod::last_trade:
      return "last_trade";
  }
  return "unknown";
}
inline constexpr std::array<MarkMethod, 6> kMarkMethods{
    MarkMethod::automatic,   MarkMethod::venue,  MarkMethod::middle,
    MarkMethod::index_basis, MarkMethod::median, MarkMethod::last_trade};

/// How an instrument is marked.
struct MarkRules {
  MarkMethod method{MarkMethod::automatic};
  GuardId guard{kNoGuard};  // none: believed as it comes
  IndexId index{kNoIndex};
  Duration basis_time{Duration::from_raw(30'000'000'000)};  // of the mean basis
  Rate basis_max{Rate::from_raw(kRateOne / 20)};            // of the index, either way
  Duration funding_period{Duration::from_raw(28'800'000'000'000)};
  // Settlement at the mean of the index at every multiple of the step in the window before expiry.
  Duration settlement_window;  // 0: the settlement price is an input
  Duration settlement_step;
  Rate settlement_samples;  // the share of them that must be good
};

/// Stops new liquidations when more than so many start within a window.
struct Breaker {
  std::uint32_t liquidations_max{0};  // 0: no breaker
  Duration window;
  Duration hold;     // then they go on by themselves; 0: an operator says when
  Duration lag_max;  // new liquidations wait while inputs are older than that; 0: they do not
};

}  // namespace plimsoll::reference
