#include <zstd.h>

#include "feeds/capture/decoder.hpp"

namespace plimsoll::feeds {
namespace {

/// A zstd file is one frame after another; where a frame has a checksum, the library compares it.
class ZstdDecoder final : public Decoder {
 public:
  Decoded decode(std::span<const char> input, std::span<char> output) override {
    if (!stream_) return {0, 0, "no memory for the decoder"};
    if (frame_ended_ && input.empty()) return {};
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    ZSTD_outBuffer out{output.data(), output.size(), 0};
    const std::size_t code = ZSTD_decompressStream(stream_.get(), &out, &in);
    frame_ended_ = code == 0;
    return {in.pos, out.pos, ZSTD_isError(code) != 0 ? ZSTD_getErrorName(code) : nullptr};
  }
  bool may_end() const noexcept override { return frame_ended_; }
  const char* name() const noexcept override { return "zstd"; }

 private:
  struct Free {
    void operator()(ZSTD_DStream* stream) const noexcept { ZSTD_freeDStream(stream); }
  };
  std::unique_ptr<ZSTD_DStream, Free> stream_{ZSTD_createDStream()};
  bool frame_ended_{false};
};

}  // namespace

std::unique_ptr<Decoder> make_zstd_decoder() {
  return std::make_unique<ZstdDecoder>();
}

}  // namespace plimsoll::feeds
