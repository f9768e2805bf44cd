#include "tests/feeds/allocation_counter.hpp"

#include "tests/support/replaced_new.hpp"

namespace {

thread_local std::uint64_t allocations = 0;

}  // namespace

void plimsoll::support::note_allocation() noexcept {
  ++allocations;
}

std::uint64_t plimsoll::feeds::testing::allocations_so_far() noexcept {
  return allocations;
}
