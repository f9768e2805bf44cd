#pragma once

#include <span>
#include <string>
#include <string_view>

#include "feeds/venue/venue_tables.hpp"

namespace plimsoll::feeds {

using ReadTables = VenueTables (*)(std::span<const Answer>);

/// The importer of a venue, or nullptr.
[[nodiscard]] ReadTables find_importer(std::string_view venue);

/// "binance, bitmex, deribit, gate, kraken, okx".
[[nodiscard]] std::string importer_names();

}  // namespace plimsoll::feeds
