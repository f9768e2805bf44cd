#include "tests/support/replaced_new.hpp"

#include <cstdlib>
#include <new>

// In a file of its own, so that no compiler sees a new of one kind next to a delete of the other.

namespace {

void* noted(std::size_t size) noexcept {
  plimsoll::support::note_allocation();
  return std::malloc(size == 0 ? 1 : size);
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* memory = noted(size)) return memory;
  throw std::bad_alloc{};
}
void* operator new[](std::size_t size) {
  return operator new(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return noted(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return noted(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
