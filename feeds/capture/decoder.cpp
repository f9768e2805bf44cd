#include "feeds/capture/decoder.hpp"

#include <algorithm>
#include <string_view>

namespace plimsoll::feeds {
namespace {

class PlainDecoder final : public Decoder {
 public:
  Decoded decode(std::span<const char> input, std::span<char> output) override {
    const std::size_t size = std::min(input.size(), output.size());
    std::copy_n(input.begin(), size, output.begin());
    return {size, size, nullptr};
  }
  bool may_end() const noexcept override { return true; }
  const char* name() const noexcept override { return "plain"; }
};

constexpr std::string_view kGzipMagic{"\x1f\x8b"};
constexpr std::string_view kZstdMagic{"\x28\xb5\x2f\xfd"};
// A skippable zstd frame, as parallel compressors write them in front: 50..5f, then these.
constexpr std::string_view kZstdSkippableRest{"\x2a\x4d\x18"};

bool is_zstd(std::string_view text) noexcept {
  const bool skippable = text.size() == kMagicLength && (text[0] & 0xf0) == 0x50 &&
                         text.substr(1) == kZstdSkippableRest;
  return text == kZstdMagic || skippable;
}

}  // namespace

std::unique_ptr<Decoder> make_decoder(std::span<const char> magic) {
  const std::string_view text{magic.data(), magic.size()};
  if (text.starts_with(kGzipMagic)) return make_gzip_decoder();
  if (is_zstd(text)) return make_zstd_decoder();
  return std::make_unique<PlainDecoder>();
}

}  // namespace plimsoll::feeds
