#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/gateway/account_routes.hpp"
#include "engine/gateway/gateway_settings.hpp"
#include "engine/gateway/stream.hpp"
#include "engine/message/event.hpp"

namespace plimsoll::gateway {

/// The stream of all events, and one for each user who may see only some accounts. An event is
/// encoded once; its bytes are copied into the streams that it belongs to.
///
/// For the gateway's thread only. Publishing allocates until every stream has what it retains.
class Streams {
 public:
  /// REQUIRES: settings in which find_mistake() finds none. They outlive the streams.
  explicit Streams(const GatewaySettings& settings);

  /// REQUIRES: the event's number is that which is due.
  void publish(const Event& event);
  /// A message of another schema goes to those who see everything: it names no account.
  void publish(std::span<const std::byte> message) { all_.events.append(message); }

  [[nodiscard]] const Stream& all() const noexcept { return all_; }
  /// The stream of one of the settings' users; of all events for nobody in particular.
  [[nodiscard]] const Stream& of(const User* user) const noexcept;

 private:
  void add_own(const User& user, std::vector<AccountRanges>& sets);

  const GatewaySettings& settings_;
  Stream all_;
  std::vector<std::unique_ptr<Stream>> own_;
  std::vector<const Stream*> by_user_;  // as the users in the settings
  AccountRoutes routes_;                // to own_
};

/// The name of the stream of some accounts: that of the session and these accounts, mixed. Other
/// accounts, or another session, make another name: numbers of the one mean nothing to the other.
[[nodiscard]] wire::SessionName name_of_part(const wire::SessionName& session,
                                             const AccountRanges& accounts) noexcept;

}  // namespace plimsoll::gateway
