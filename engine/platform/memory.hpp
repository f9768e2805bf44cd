#pragma once

#include <string>

namespace plimsoll::platform {

/// Keeps all memory of the process, now and later, in main memory, so that no thread ever waits for
/// a page. Returns why that cannot be, or "".
[[nodiscard]] std::string lock_memory();

}  // namespace plimsoll::platform
