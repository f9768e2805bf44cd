#include "engine/service/live_client.hpp"

#include <random>

namespace plimsoll::service {

namespace live = feeds::live;

OpenedLiveFeed open_live_feed(const configuration::LiveFeedSettings& wanted,
                              const reference::Reference& reference, runtime::Inbox& inbox) {
  const auto fail = [&](const std::string& what) -> OpenedLiveFeed {
    return {nullptr, "feed \"" + wanted.venue + "\": " + what};
  };
  const live::VenueProfile* profile = live::find_profile(wanted.venue);
  const auto venue = feeds::parse_venue(wanted.venue);
  if (profile == nullptr || !venue) return fail("not a venue that can be listened to");
  live::Wanted want{wanted.symbols, wanted.channels, std::nullopt};
  if (want.symbols.empty()) want.symbols = symbols_of(reference, *venue);
  if (want.symbols.empty()) return fail("the configuration has nothing of it");
  if (!wanted.url.empty()) {
    want.url = live::parse_url(wanted.url);
    if (!want.url) return fail("url = \"" + wanted.url + "\": not a ws:// or wss:// URL");
  }
  live::Planned planned = live::plan_connections(*profile, want);
  if (!planned.error.empty()) return fail(planned.error);
  live::ClientSettings settings;
  settings.ca_file = wanted.ca;
  settings.seed = std::random_device{}();
  auto input = std::make_unique<FeedInput>(*venue, reference, inbox);
  auto [client, error] = live::Client::start(std::move(planned.plans), settings, *input);
  if (!client) return fail(error);
  return {std::make_unique<LiveClient>(std::move(input), std::move(client)), {}};
}

}  // namespace plimsoll::service
