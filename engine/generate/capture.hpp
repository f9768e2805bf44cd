#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "engine/generate/crash_path.hpp"
#include "engine/generate/settings.hpp"

// A market capture of a crash that never happened, in the format of a recorded Binance USD-M
// session (capture_text.hpp): for benches, demonstrations and tests. A pure function of (reference,
// settings), the same bytes on every machine. One thread; integers only; no file, no clock.

namespace plimsoll::generate {

struct CaptureSettings {
  std::uint64_t seed{1};
  EventTime start{EventTime::from_raw(1'760'000'000'000'000'000)};  // first receive stamp
  std::uint64_t seconds{60};                                        // 1 to 604,800
  std::uint64_t rate{500};  // lines per second on average, three times as many in the crash as
                            // around it; 1 to 1,000,000
  CrashShape crash;
  bool mark_prices{false};           // also markPriceUpdate lines, one per second and instrument
  Prices prices;                     // at the start: at least 10 ticks, at most half of price_max
  std::vector<std::uint64_t> betas;  // by instrument, parts per million, up to 3,000,000; empty: 1
                                     // for the first with a price, 0.1 more for each next, to 1.5
};

/// Takes one line, with its end; valid during the call.
using LineSink = std::function<void(std::string_view)>;

/// Gives seconds * rate lines (bookTicker and trade; the first ones a bookTicker of every
/// instrument with a price) and the marks to `sink`, or returns what is wrong with the settings and
/// gives nothing. Receive stamps, update ids, trade ids of an instrument and venue times never
/// fall; all stamps lie in [start, start + seconds). No instrument falls by more than 95 %.
/// REQUIRES: a reference that finish() has accepted.
[[nodiscard]] std::vector<SettingError> generate_capture(const reference::Reference& reference,
                                                         const CaptureSettings& settings,
                                                         const LineSink& sink);

}  // namespace plimsoll::generate
