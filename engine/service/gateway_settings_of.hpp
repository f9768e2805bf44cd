#pragma once

#include <cstddef>

#include "engine/configuration/configuration.hpp"
#include "engine/gateway/gateway_settings.hpp"

namespace plimsoll::service {

/// What the configuration says about the gateway, for a history that begins now: its session has a
/// new name, made of the time. `accounts_max`: whose state it keeps, at most.
[[nodiscard]] gateway::GatewaySettings gateway_settings_of(
    const configuration::GatewaySettings& wanted, std::size_t accounts_max);

}  // namespace plimsoll::service
