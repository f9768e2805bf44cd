#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"
#include "tests/support/random.hpp"

namespace plimsoll::support {

/// Prices of all instruments as they would come from a venue: noise around a base, and from time to
/// time a crash (or a squeeze) of 5 to 60 per cent with jumps, out of which they creep back.
/// Indices of coins follow the first instruments; a stable coin may lose its peg in a crash.
class MarketPath {
 public:
  /// `late_marks`: some instruments are without a price for the first tenth of `inputs`.
  MarketPath(const reference::Reference& reference, std::size_t inputs, bool late_marks,
             Random& random);

  /// A quote, a mark or a print of some instrument, and everything that moves with it. Print: the
  /// mark does not move, and neither does the path.
  [[nodiscard]] InputBody next(Random& random);

  /// The price of now, a multiple of the tick; the mark, once the instrument has one.
  [[nodiscard]] std::int64_t price(std::uint32_t instrument) const {
    return paths_[instrument].price;
  }
  [[nodiscard]] bool is_marked(std::uint32_t instrument) const { return paths_[instrument].marked; }

  /// The index of an asset, anew. REQUIRES: has_index(asset).
  [[nodiscard]] InputBody next_index(std::uint32_t asset, Random& random);
  /// May an index of this asset be published?
  [[nodiscard]] bool has_index(std::uint32_t asset) const { return indices_[asset].max > 0; }
  /// The last index, 0 before the first; of the numeraire, and where there is none, 1.
  [[nodiscard]] std::int64_t index(std::uint32_t asset) const { return indices_[asset].price; }

 private:
  struct Path {
    std::int64_t base;
    std::int64_t price;
    std::int64_t tick;
    std::int64_t lowest;
    std::int64_t highest;
    std::int64_t beta;    // per mille of the market's move
    std::int64_t breath;  // per mille of the usual noise
    std::size_t quiet;    // inputs until the first price
    int source;           // 0: quotes, 1: marks, 2: quotes, later both, 3: trades
    bool marked;
  };

  struct Index {
    std::int64_t price;
    std::int64_t max;  // 0: none is published
    int source;        // the instrument that it follows, or -1
  };

  [[nodiscard]] static Path path_of(const reference::Instrument& instrument, Random& random);
  [[nodiscard]] static int source_of(reference::MarkMethod method, int any);
  void step_regime(Random& random);
  void move(Path& path, Random& random) const;
  [[nodiscard]] InputBody quote(std::uint32_t instrument, Random& random);

  std::vector<Path> paths_;
  std::vector<Index> indices_;            // by asset
  std::vector<std::uint32_t> published_;  // assets with an index
  std::size_t inputs_;
  std::size_t made_{0};
  std::int64_t crash_left_{0};  // prices until the crash is over
  std::int64_t crash_step_{0};  // parts per million and price, signed
};

}  // namespace plimsoll::support
