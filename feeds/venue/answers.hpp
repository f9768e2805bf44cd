#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feeds/venue/venue_tables.hpp"

namespace plimsoll::feeds {

/// The answers in the text of a file. A text that begins with { or [ is one answer. Any other is a
/// recording, in which lines "<url> -> <time>: <body>" are answers and all others (what was
/// subscribed, sent and received over the stream) are passed over. `file` is what errors name.
[[nodiscard]] std::vector<Answer> split_answers(const std::string& file, std::string_view text);

}  // namespace plimsoll::feeds
