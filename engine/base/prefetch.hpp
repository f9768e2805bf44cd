#pragma once

namespace plimsoll {

/// Gets the cache line of an address that is soon needed into the processor's cache.
inline void prefetch(const void* address) noexcept {
  __builtin_prefetch(address, 1);
  // Says that there is an effect: gcc takes a function that only prefetches for one that does
  // nothing, and leaves out calls of it.
  asm volatile("" : : "r"(address));
}

/// The same for a whole object of at most two lines.
template <class Object>
void prefetch_object(const Object& object) noexcept {
  prefetch(&object);
  prefetch(reinterpret_cast<const char*>(&object + 1) - 1);
}

}  // namespace plimsoll
