#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bench/report.hpp"

namespace plimsoll::bench {

/// What every bench is told.
struct Settings {
  std::string config{"config/demo.toml"};
  std::size_t pairs{9};
  bool quick{false};                   // small sizes, to see that it runs
  std::size_t accounts{0};             // of the bench of bands; 0: several numbers
  std::string market;                  // likewise: only markets whose name has this in it
  std::string data{"../shared/data"};  // folder of captures of real days
};

/// Ticks per second against revaluing every account, at 100,000 and 1,000,000 accounts.
[[nodiscard]] std::vector<Row> bench_ticks(const Settings& settings);
/// Ticks of several markets against three other ways to judge every account.
[[nodiscard]] std::vector<Row> bench_bands(const Settings& settings);
/// Nanoseconds to renew the bands of a touched account, against a cold read.
[[nodiscard]] std::vector<Row> bench_touch(const Settings& settings);
/// Seconds to start with a packed book, against an input for everything.
[[nodiscard]] std::vector<Row> bench_start(const Settings& settings);
/// One-way hops between two threads against a bare cache line.
[[nodiscard]] std::vector<Row> bench_hops(const Settings& settings);
/// Tick in to event out over loopback against a raw ping-pong of the same sizes; events to many
/// subscribers against bare sends.
[[nodiscard]] std::vector<Row> bench_wire(const Settings& settings);
/// Bytes of a venue's message to an input against bare simdjson reading the same fields.
[[nodiscard]] std::vector<Row> bench_feeds(const Settings& settings);

}  // namespace plimsoll::bench
