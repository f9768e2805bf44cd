#include "engine/platform/memory.hpp"

#include <cerrno>
#include <cstring>

#include <malloc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace plimsoll::platform {

std::string lock_memory() {
  if (::mlockall(MCL_CURRENT | MCL_FUTURE) != 0) {
    return std::string{"cannot lock memory: "} + std::strerror(errno);
  }
  // What is freed is not given back, and large pieces come from the same memory: what was touched
  // once stays.
  ::mallopt(M_TRIM_THRESHOLD, -1);
  ::mallopt(M_MMAP_MAX, 0);
  return {};
}

std::string want_huge_pages() {
  // Only lifts an opt-out of the process; the system's own setting decides.
  if (::prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0) != 0) {
    return std::string{"cannot ask for huge pages: "} + std::strerror(errno);
  }
  return {};
}

long page_faults_of_thread() noexcept {
  rusage usage{};
  if (::getrusage(RUSAGE_THREAD, &usage) != 0) return 0;
  return usage.ru_minflt + usage.ru_majflt;
}

}  // namespace plimsoll::platform
