#pragma once

#include <cstdint>

namespace plimsoll::feeds::testing {

/// How often this thread has allocated with new, in a program that links allocation_counter.cpp.
[[nodiscard]] std::uint64_t allocations_so_far() noexcept;

}  // namespace plimsoll::feeds::testing
