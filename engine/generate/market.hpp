#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/generate/capture.hpp"
#include "engine/generate/capture_text.hpp"
#include "engine/generate/crash_path.hpp"
#include "engine/generate/market_walk.hpp"
#include "engine/generate/random.hpp"

// The market that a generated capture records: quotes, trades and marks, line by line. Integers
// only; one thread.

namespace plimsoll::generate {

inline constexpr std::int64_t kSecond = 1'000'000'000;

/// One instrument of the market, as it stands.
struct Listed {
  const reference::Instrument* instrument;
  VenueInstrument venue;
  Price start;
  std::uint64_t beta;
  std::int64_t usual_lots;  // of a quote
  std::uint64_t trade_id;
  Price bid;
  Price ask;
};

class Market {
 public:
  /// REQUIRES: settings that generate_capture() has checked; they and the sink outlive the market.
  Market(const reference::Reference& reference, const CaptureSettings& settings,
         const LineSink& sink);
  Market(const Market&) = delete;
  Market& operator=(const Market&) = delete;

  /// Gives all lines to the sink.
  void run();

 private:
  void line(std::uint64_t number);
  void marks_until(std::int64_t time);
  void mark(std::size_t index, std::int64_t time);
  void requote(Listed& listed, std::size_t index, std::int64_t place);
  void quote(Listed& listed, const Stamps& stamps);
  void trade(Listed& listed, std::int64_t place, const Stamps& stamps);
  [[nodiscard]] std::size_t draw_instrument();
  [[nodiscard]] Quantity draw_quantity(const Listed& listed, std::int64_t divisor);
  [[nodiscard]] Stamps stamps_at(std::int64_t time);
  [[nodiscard]] std::int64_t place_of(std::int64_t time) const;
  void give();

  const CaptureSettings& settings_;
  const LineSink& sink_;
  Random random_;
  CrashPath path_;
  std::vector<Listed> listed_;
  MarketWalk walk_;
  std::int64_t start_;      // ns since 1970
  std::int64_t length_;     // ns
  std::uint64_t lines_;     // without the marks
  std::int64_t next_mark_;  // ns since 1970
  Stamps last_;
  std::uint64_t update_id_{5'000'000'000'000};
  std::string text_;
};

}  // namespace plimsoll::generate
