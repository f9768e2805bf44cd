#pragma once

#include <cstddef>
#include <string>

// Files that hold a secret. One thread; never prints what is in them.

namespace plimsoll::platform {

struct Secret {
  static constexpr std::size_t kSizeMin = 32;  // bytes
  static constexpr std::size_t kSizeMax = 4'096;

  std::string bytes;  // without the line break at the end
  std::string error;  // why there are none, or empty
};

/// Reads a regular file that only its owner may read or write; a link is followed.
[[nodiscard]] Secret read_secret_file(const std::string& path);

}  // namespace plimsoll::platform
