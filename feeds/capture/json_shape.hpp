#pragma once

#include <string_view>

namespace plimsoll::feeds {

/// Does `text` hold one JSON object or array whose brackets and strings are all closed, and nothing
/// after it? It tells a whole message from one that a recorder was cut off in; it does not
/// validate.
[[nodiscard]] bool is_closed_json(std::string_view text) noexcept;

}  // namespace plimsoll::feeds
