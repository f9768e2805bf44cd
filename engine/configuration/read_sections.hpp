#pragma once

#include "engine/configuration/configuration.hpp"
#include "engine/configuration/toml_section.hpp"

// The sections of the configuration, one function each. Private to this folder; one thread.

namespace plimsoll::configuration {

/// Reads [engine], [limits], [exchange], [[asset]], [[instrument]] and [[profile]] of the root
/// table. Lists have an element for each one of the file, also where it could not be read.
/// Derived fields are left to reference::finish().
void read_reference(Section& root, Configuration& configuration);

/// Reads [gateway].
void read_gateway(Section& root, GatewaySettings& gateway);

}  // namespace plimsoll::configuration
