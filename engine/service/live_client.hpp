#pragma once

#include <memory>
#include <string>

#include "engine/configuration/service_settings.hpp"
#include "engine/service/feed_input.hpp"
#include "feeds/live/client.hpp"

namespace plimsoll::service {

/// One [[feed]] that is listened to: its connections, and what becomes of its messages.
class LiveClient {
 public:
  LiveClient(std::unique_ptr<FeedInput> input, std::unique_ptr<feeds::live::Client> client)
      : input_{std::move(input)}, client_{std::move(client)} {}

  /// No message comes any more once it has returned.
  void stop() { client_->stop(); }
  [[nodiscard]] FeedInput& input() noexcept { return *input_; }
  [[nodiscard]] const FeedInput& input() const noexcept { return *input_; }

 private:
  std::unique_ptr<FeedInput> input_;  // outlives the client
  std::unique_ptr<feeds::live::Client> client_;
};

/// A client, or why there is none.
struct OpenedLiveFeed {
  std::unique_ptr<LiveClient> feed;
  std::string error;  // "feed \"binance-usdm\": url = ...: not a ws:// or wss:// URL"
};

/// Connects, and goes on trying for as long as it lives. Reference and inbox must outlive it.
[[nodiscard]] OpenedLiveFeed open_live_feed(const configuration::LiveFeedSettings& wanted,
                                            const reference::Reference& reference,
                                            runtime::Inbox& inbox);

}  // namespace plimsoll::service
