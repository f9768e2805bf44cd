#pragma once

// Assertions for programmers' mistakes. Always on: a margin engine that has lost its invariants
// must stop before it publishes a number. Bad input is never an assertion; it is a value that says
// so.

namespace plimsoll {

/// Prints the failed condition with its place to standard error and aborts.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace plimsoll

#define PLIMSOLL_ASSERT(condition)                                  \
  do {                                                              \
    if (!(condition)) [[unlikely]] {                                \
      ::plimsoll::assertion_failed(#condition, __FILE__, __LINE__); \
    }                                                               \
  } while (false)
