#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "feeds/live/backoff.hpp"

namespace plimsoll::feeds::live {

struct ClientSettings {
  std::string ca_file;                      // certificates to trust (PEM); empty: the machine's
  Milliseconds connect_max{10'000};         // until a WebSocket is open
  Milliseconds goodbye_max{300};            // for the other end to answer a goodbye when we stop
  std::optional<Milliseconds> silence_max;  // instead of the venue's
  BackoffSettings backoff;
  std::uint64_t seed{0};  // of the jitter
};

}  // namespace plimsoll::feeds::live
