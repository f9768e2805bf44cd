#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/live/url.hpp"
#include "feeds/live/venue_profile.hpp"

namespace plimsoll::feeds::live {

/// What one connection opens, and what it says.
struct ConnectionPlan {
  std::string venue;
  Url url;
  std::vector<std::string> opening;  // messages, in this order, as soon as it is open
  Heartbeat heartbeat;
  std::size_t message_size_max{16U << 20U};
};

/// What is wanted of a venue.
struct Wanted {
  std::vector<std::string> symbols;   // in the venue's words
  std::vector<std::string> channels;  // empty: those of the profile
  std::optional<Url> url;             // instead of the venue's own, for every channel
};

/// A channel may hold {symbol} ("ticker.{symbol}.raw"): it is then the whole topic.
struct Planned {
  std::vector<ConnectionPlan> plans;
  std::string error;  // why there are none
};

/// The connections for that: every channel of every symbol, once. Symbols and channels with control
/// characters, quotes or backslashes are refused, for they would change the messages.
[[nodiscard]] Planned plan_connections(const VenueProfile& profile, const Wanted& wanted);

}  // namespace plimsoll::feeds::live
