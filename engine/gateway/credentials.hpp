#pragma once

#include <string_view>
#include <vector>

#include "engine/gateway/gateway_settings.hpp"

// Who may log on. Pure functions, for any thread.

namespace plimsoll::gateway {

/// Whether somebody may log on, and as whom; `user` is null for anyone, where nobody is listed.
struct Admission {
  bool admitted{false};
  const User* user{nullptr};
};

/// Admits anyone when nobody is listed, else a listed user with the right password. Letters match
/// without case, as SoupBinTCP has it. Takes the same time whichever character differs, and for
/// every user.
[[nodiscard]] Admission admit(const std::vector<User>& users, std::string_view name,
                              std::string_view password) noexcept;

/// Do two names of users match?
[[nodiscard]] bool same_user_name(std::string_view a, std::string_view b) noexcept;

}  // namespace plimsoll::gateway
