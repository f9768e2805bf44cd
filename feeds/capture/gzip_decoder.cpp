#define ZLIB_CONST  // next_in takes a pointer to const
#include <algorithm>
#include <limits>

#include <zlib.h>

#include "feeds/capture/decoder.hpp"

namespace plimsoll::feeds {
namespace {

constexpr int kWindowBitsGzip = 15 + 16;  // the largest window, a gzip header and its checksum

uInt bounded(std::size_t size) noexcept {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

/// A gzip file is one member after another; each ends with a checksum, which zlib compares.
class GzipDecoder final : public Decoder {
 public:
  GzipDecoder() { ready_ = inflateInit2(&stream_, kWindowBitsGzip) == Z_OK; }
  ~GzipDecoder() override { inflateEnd(&stream_); }

  Decoded decode(std::span<const char> input, std::span<char> output) override {
    if (!ready_) return {0, 0, "no memory for the decoder"};
    if (member_ended_ && input.empty()) return {};
    if (member_ended_) inflateReset(&stream_);
    member_ended_ = false;
    stream_.next_in = reinterpret_cast<const Bytef*>(input.data());
    stream_.avail_in = bounded(input.size());
    stream_.next_out = reinterpret_cast<Bytef*>(output.data());
    stream_.avail_out = bounded(output.size());
    const int code = inflate(&stream_, Z_NO_FLUSH);
    member_ended_ = code == Z_STREAM_END;
    const Decoded done{bounded(input.size()) - stream_.avail_in,
                       bounded(output.size()) - stream_.avail_out, failure_of(code)};
    return done;
  }
  bool may_end() const noexcept override { return member_ended_; }
  const char* name() const noexcept override { return "gzip"; }

 private:
  const char* failure_of(int code) const noexcept {
    // Z_BUF_ERROR only says that there was nothing to do.
    if (code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR) return nullptr;
    return stream_.msg != nullptr ? stream_.msg : zError(code);
  }

  z_stream stream_{};
  bool ready_{false};
  bool member_ended_{false};
};

}  // namespace

std::unique_ptr<Decoder> make_gzip_decoder() {
  return std::make_unique<GzipDecoder>();
}

}  // namespace plimsoll::feeds
