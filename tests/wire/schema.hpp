#pragma once

#include <string>
#include <string_view>
#include <vector>

// Compares the SBE schema with the C++ structs, both ways.

namespace plimsoll::wire {

/// The text of engine/wire/plimsoll-events.xml.
[[nodiscard]] std::string schema_text();

/// Every disagreement between the schema and the structs, in words; empty when there is none.
[[nodiscard]] std::vector<std::string> disagreements(std::string_view schema);

}  // namespace plimsoll::wire
