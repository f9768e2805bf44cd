#pragma once

#include <string>
#include <string_view>

// Other versions of a schema: what clients were built from in the past, and what may come.

namespace plimsoll::wire {

/// The schema as it was at a version, by its own sinceVersion: without all that is younger.
[[nodiscard]] std::string schema_at(std::string_view schema, unsigned version);

/// A next version: a field of 8 bytes, `later`, at the end of every message, a value `later` in
/// every enum, and a message `Later`.
[[nodiscard]] std::string next_schema(std::string_view schema);

}  // namespace plimsoll::wire
