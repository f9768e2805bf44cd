#pragma once

#include <string_view>
#include <vector>

#include "engine/gateway/gateway_settings.hpp"

// Who may log on. Pure functions, for any thread.

namespace plimsoll::gateway {

/// True when nobody is listed, or this user with this password is. Letters match without case, as
/// SoupBinTCP has it. Takes the same time whichever character differs, and for every user.
[[nodiscard]] bool may_log_on(const std::vector<User>& users, std::string_view name,
                              std::string_view password) noexcept;

}  // namespace plimsoll::gateway
