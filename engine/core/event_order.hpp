#pragma once

#include "engine/message/event.hpp"

namespace plimsoll::core {

/// The canonical order of the events of one cause: (event time, deadlines first, kind, lowest
/// margin level, largest deficit, account). It does not depend on how accounts are spread over
/// shards. Events that it holds equal keep the order in which they were emitted.
[[nodiscard]] bool published_before(const Event& a, const Event& b) noexcept;

}  // namespace plimsoll::core
