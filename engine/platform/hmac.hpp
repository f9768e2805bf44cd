#pragma once

#include <array>
#include <cstddef>
#include <string_view>

// Keyed hashes: who has the key can say that a text is his. Pure functions, for any thread.

namespace plimsoll::platform {

using Digest = std::array<std::byte, 32>;

/// HMAC-SHA256 (RFC 2104, FIPS 198-1).
[[nodiscard]] Digest hmac_sha256(std::string_view key, std::string_view text);

/// Are they the same? Takes the same time wherever they differ.
[[nodiscard]] bool same_digest(const Digest& a, const Digest& b) noexcept;

}  // namespace plimsoll::platform
