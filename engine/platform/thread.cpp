#include "engine/platform/thread.hpp"

#include <cstring>

#include <pthread.h>
#include <sched.h>

namespace plimsoll::platform {

bool pin_current_thread(unsigned processor) noexcept {
  if (processor >= CPU_SETSIZE) return false;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  return pthread_setaffinity_np(pthread_self(), sizeof set, &set) == 0;
}

void name_current_thread(const char* name) noexcept {
  char cut[16]{};
  std::strncpy(cut, name, sizeof cut - 1);
  (void)pthread_setname_np(pthread_self(), cut);
}

unsigned processor_count() noexcept {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<unsigned>(CPU_COUNT(&set));
}

}  // namespace plimsoll::platform
