#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plimsoll::feeds {

/// How the bytes of a capture are kept.
enum class Compression : std::uint8_t { none, gzip, zstd };

/// What the name of a file asks for: ".gz", ".zst", or nothing of the kind.
[[nodiscard]] Compression compression_of(std::string_view path) noexcept;

/// Appends `text` to `bytes` as one gzip member or one zstd frame with its checksum, or as it is.
/// What has been appended so far can be read back whole at any time. Returns false when there is no
/// memory for it; `bytes` are then as before.
[[nodiscard]] bool append_encoded(Compression compression, std::string_view text,
                                  std::string& bytes);

}  // namespace plimsoll::feeds
