#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace plimsoll::feeds {

/// What one call of a decoder did.
struct Decoded {
  std::size_t consumed{0};
  std::size_t produced{0};
  const char* failure{nullptr};  // what is wrong with the input; static text
};

/// Turns the bytes of a file into those of the text that was compressed. One thread. Knows nothing
/// of files or lines; allocates only at construction, or as its library does on a first block.
class Decoder {
 public:
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  virtual ~Decoder() = default;

  /// Decodes as much of `input` as there is room for in `output`. With an empty input it gives what
  /// an earlier call had no room for.
  [[nodiscard]] virtual Decoded decode(std::span<const char> input, std::span<char> output) = 0;

  /// Is nothing missing when the input ends here?
  [[nodiscard]] virtual bool may_end() const noexcept = 0;

  /// "plain", "gzip" or "zstd".
  [[nodiscard]] virtual const char* name() const noexcept = 0;
};

inline constexpr std::size_t kMagicLength = 4;

/// The decoder for a file that begins with these bytes (kMagicLength, fewer in a shorter file).
[[nodiscard]] std::unique_ptr<Decoder> make_decoder(std::span<const char> magic);

[[nodiscard]] std::unique_ptr<Decoder> make_gzip_decoder();
[[nodiscard]] std::unique_ptr<Decoder> make_zstd_decoder();

}  // namespace plimsoll::feeds
