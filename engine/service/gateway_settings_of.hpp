#pragma once

#include "engine/configuration/configuration.hpp"
#include "engine/gateway/gateway_settings.hpp"

namespace plimsoll::service {

/// What the configuration says about the gateway, for a history that begins now: its session has a
/// new name, made of the time.
[[nodiscard]] gateway::GatewaySettings gateway_settings_of(
    const configuration::GatewaySettings& wanted);

}  // namespace plimsoll::service
