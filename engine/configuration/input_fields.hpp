#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/configuration/input_json.hpp"
#include "engine/configuration/operators.hpp"
#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

// The body of an input from its name and its fields. Private to this folder.

namespace plimsoll::configuration {

/// What the names and times in an input are about.
struct InputContext {
  const reference::Reference& reference;
  const std::vector<Operator>& operators;
  EventTime start;  // of times as "+30s"
};

/// Reads a number of ns since 1970, or a duration after the start as "+30s". Nothing when it is
/// neither.
[[nodiscard]] std::optional<EventTime> read_instant(const JsonScalar& scalar, EventTime start);
inline constexpr const char* kInstantRule =
    "must be a number of ns since 1970, or a duration after the start, as \"+30s\"";

/// Makes the input of that kind ("trade_filled"): its fields are those of engine/message/input.hpp,
/// with names for assets, instruments, profiles, tables of tiers, indices, sources and operators,
/// and decimals at the scale of their asset or instrument. Marks the values that it used. False:
/// `fault` says why not.
[[nodiscard]] bool make_input(std::string_view kind, const InputContext& context,
                              std::vector<JsonScalar>& values, InputBody& body, InputFault& fault);

}  // namespace plimsoll::configuration
