#pragma once

#include <string>

namespace plimsoll::platform {

/// Keeps all memory of the process, now and later, in main memory, so that no thread ever waits for
/// a page. Returns why that cannot be, or "".
[[nodiscard]] std::string lock_memory();

/// Asks the system for huge pages wherever a process's memory is large enough. Returns why that
/// cannot be, or "".
[[nodiscard]] std::string want_huge_pages();

/// Page faults of the calling thread so far.
[[nodiscard]] long page_faults_of_thread() noexcept;

}  // namespace plimsoll::platform
