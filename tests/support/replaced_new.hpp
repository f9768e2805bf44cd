#pragma once

// The allocation functions of a whole test program, replaced so that it hears of each allocation.
// Not part of the library of this folder: who wants it compiles replaced_new.cpp.

namespace plimsoll::support {

/// Called before each allocation with new, by its thread. The test program defines it.
void note_allocation() noexcept;

}  // namespace plimsoll::support
