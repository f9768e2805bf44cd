#pragma once

#include "engine/reference/reference.hpp"
#include "engine/wire/event_text.hpp"

namespace plimsoll::cli {

/// Symbols and scales of a reference, so that events can be printed for people.
[[nodiscard]] wire::EventNames event_names_of(const reference::Reference& reference);

}  // namespace plimsoll::cli
