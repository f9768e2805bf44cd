#pragma once

#include <string>

#include "engine/message/event.hpp"
#include "engine/message/input.hpp"

namespace plimsoll::support {

/// One line with the kind and every field, raw: two messages are equal when their lines are.
[[nodiscard]] std::string describe(const Event& event);
[[nodiscard]] std::string describe(const Input& input);

}  // namespace plimsoll::support
