#pragma once

#include <string>

namespace plimsoll::cli {

/// Nothing that is read is written over: what is wrong with writing `output` while `input`, a file
/// or the folder of a book, is read; empty: nothing.
[[nodiscard]] std::string overwriting(const std::string& output, const std::string& input);

}  // namespace plimsoll::cli
