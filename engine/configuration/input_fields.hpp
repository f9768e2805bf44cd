#pragma once

#include <string_view>
#include <vector>

#include "engine/configuration/input_json.hpp"
#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

// The body of an input from its name and its fields. Private to this folder.

namespace plimsoll::configuration {

/// Makes the input of that kind ("trade_filled"): its fields are those of engine/message/input.hpp,
/// with names for assets, instruments, profiles and tables of tiers, and decimals at the scale of
/// their asset or instrument. Marks the values that it used. False: `fault` says why not.
[[nodiscard]] bool make_input(std::string_view kind, const reference::Reference& reference,
                              std::vector<JsonScalar>& values, InputBody& body, InputFault& fault);

}  // namespace plimsoll::configuration
