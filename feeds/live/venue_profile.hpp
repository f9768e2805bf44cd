#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

// How each venue is spoken to, as data. Texts with {symbol}, {channel}, ... are templates: see
// connection_plan.hpp, which fills them in.

namespace plimsoll::feeds::live {

/// Channels of a venue that are served at another path of its host.
struct Route {
  std::string_view channel;  // begins with this
  std::string_view target;
};

/// What goes into one subscription.
enum class Grouping : std::uint8_t {
  in_target,    // all topics, in the target of the URL, which `subscribe` ends
  all_topics,   // {topics}, a list
  per_channel,  // {channel}, and {symbols}, a list
  per_topic,    // {channel} and {symbol}
};

/// What keeps a connection alive, and what tells that it is not.
struct Heartbeat {
  std::chrono::milliseconds ping_every{15'000};
  std::string_view ping{};       // this message; empty: a ping of the protocol
  std::string_view pong{};       // the message that answers it, and is not handed on; empty: none
  std::string_view challenge{};  // a short message that holds this is answered at once
  std::string_view answer{};
  /// No message for so long: the connection is taken for dead.
  std::chrono::milliseconds silence_max{60'000};
};

struct VenueProfile {
  std::string_view name;
  std::string_view url;
  std::span<const Route> routes;      // where the path of `url` is not for every channel
  std::string_view default_channels;  // separated by commas
  bool lower_case_symbols;
  std::string_view topic;    // of {channel} and {symbol}
  std::string_view opening;  // said before any subscription; empty: nothing
  std::string_view subscribe;
  Grouping grouping;
  std::size_t batch_max;   // topics, or symbols, in one message
  std::size_t topics_max;  // on one connection; more topics, more connections
  Heartbeat heartbeat;
  std::size_t message_size_max{16U << 20U};
};

[[nodiscard]] std::span<const VenueProfile> venue_profiles() noexcept;

/// The profile of this name, or null.
[[nodiscard]] const VenueProfile* find_profile(std::string_view name) noexcept;

}  // namespace plimsoll::feeds::live
