#pragma once

#include <cstdint>
#include <string>

// Watches the engine's thread of a service in this program: whether it allocates, or waits for a
// page.

namespace plimsoll::service::testing {

/// From now on allocations of the engine's thread are counted.
void arm_trap() noexcept;

struct Trapped {
  std::uint64_t allocations{0};
  std::string where;  // the first of them, a stack a line: for addr2line
};
/// Stops to count.
[[nodiscard]] Trapped disarm_trap();

/// Minor and major faults of the engine's thread so far; nothing is known: -1.
[[nodiscard]] long page_faults_of_engine();

}  // namespace plimsoll::service::testing
