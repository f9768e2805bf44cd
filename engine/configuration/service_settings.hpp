#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/value/types.hpp"

// What `plimsoll serve` needs to know beside the reference: where prices and commands come from,
// and how the process runs. Plain values; config/README.md describes the keys.

namespace plimsoll::configuration {

/// HOST:PORT, both as written.
struct Endpoint {
  std::string host;
  std::uint16_t port{0};
};

/// A venue to listen to.
struct LiveFeedSettings {
  std::string venue;
  std::vector<std::string> symbols;   // in the venue's words; none: those of the reference
  std::vector<std::string> channels;  // none: the venue's usual ones
  std::string url;                    // instead of the venue's own
  std::string ca;                     // certificates to trust instead of the machine's
};

/// The sequenced stream of the matching engine.
struct MatchingSettings {
  Endpoint connect;
  std::string user;
  std::string password;
  std::string session;                                       // empty: the current one
  Duration silence_max{Duration::from_raw(15'000'000'000)};  // then it is taken for dead
};

/// What the engine's thread does while there is nothing to do.
enum class IdlePolicy : std::uint8_t {
  spin,   // looks again at once: for a processor of its own
  yield,  // gives the processor away, and looks again
  sleep,  // for 50 us
};

struct ServiceSettings {
  std::optional<Endpoint> status;  // HTTP: /ready, /health, /metrics, /flight, /inputs
  IdlePolicy idle{IdlePolicy::yield};
  std::vector<unsigned> processors;  // of the engine's thread, then of each shard
  std::uint32_t shards{0};           // 0: on the engine's own thread
  bool gateway_thread{false};        // of its own: for many subscribers
  bool lock_memory{false};
  std::size_t inbox{16'384};          // inputs that may wait
  std::size_t flight_inputs{65'536};  // the last ones are kept to be looked at
  std::size_t flight_events{65'536};
  std::string flight_file{"plimsoll.flight"};              // written after a crash
  Duration drain_max{Duration::from_raw(10'000'000'000)};  // for subscribers, at the end
};

}  // namespace plimsoll::configuration
