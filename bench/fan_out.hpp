#pragma once

#include <vector>

#include "bench/benches.hpp"

namespace plimsoll::bench {

/// Events to many subscribers through the gateway, against bare sends of the same bytes to as many
/// sockets: as coalesced as the gateway's, and one for each event.
[[nodiscard]] std::vector<Row> fan_out_rows(const Settings& settings);

}  // namespace plimsoll::bench
