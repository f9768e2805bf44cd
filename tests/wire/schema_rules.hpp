#pragma once

#include <string>
#include <string_view>
#include <vector>

// The rules of SBE 1.0 for a message schema, whatever its messages: those of its XSD, and those of
// the standard that no XSD can state.

namespace plimsoll::wire {

/// Every violation of the rules, in words; empty when there is none. What the standard allows and
/// this schema has no use for (groups, variable data, sets, references, arrays, nulls of one's own)
/// is a violation here, so that nothing passes unchecked.
[[nodiscard]] std::vector<std::string> schema_violations(std::string_view schema);

}  // namespace plimsoll::wire
