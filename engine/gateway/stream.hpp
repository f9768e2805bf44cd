#pragma once

#include <optional>

#include "engine/gateway/account_ranges.hpp"
#include "engine/gateway/retained_events.hpp"
#include "engine/wire/soup_bin_tcp.hpp"

namespace plimsoll::gateway {

/// What a session follows: all events, or those of some accounts, as a stream with numbers of its
/// own and therefore with a name of its own. For the gateway's thread only.
struct Stream {
  wire::SessionName name;
  RetainedEvents events;
  std::optional<AccountRanges> accounts{};  // nothing: all, and the events of the house

  [[nodiscard]] bool shows(AccountId account) const noexcept {
    return !accounts || accounts->contains(account);
  }
};

}  // namespace plimsoll::gateway
