#include "engine/platform/memory.hpp"

#include <cerrno>
#include <cstring>

#include <malloc.h>
#include <sys/mman.h>

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

}  // namespace plimsoll::platform
