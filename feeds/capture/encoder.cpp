#define ZLIB_CONST  // next_in takes a pointer to const
#include "feeds/capture/encoder.hpp"

#include <memory>

#include <zlib.h>
#include <zstd.h>

namespace plimsoll::feeds {
namespace {

constexpr int kGzipLevel = 6;
constexpr int kGzipWindowBits = 15 + 16;  // the largest window, and the header and end of gzip
constexpr int kGzipMemory = 8;
constexpr int kZstdLevel = 3;

bool append_gzip(std::string_view text, std::string& bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, kGzipLevel, Z_DEFLATED, kGzipWindowBits, kGzipMemory,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return false;
  }
  const std::size_t before = bytes.size();
  bytes.resize(before + deflateBound(&stream, text.size()));
  stream.next_in = reinterpret_cast<const Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data() + before);
  stream.avail_out = static_cast<uInt>(bytes.size() - before);
  const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  bytes.resize(done ? before + stream.total_out : before);
  deflateEnd(&stream);
  return done;
}

struct Free {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};

bool append_zstd(std::string_view text, std::string& bytes) {
  const std::unique_ptr<ZSTD_CCtx, Free> context{ZSTD_createCCtx()};
  if (!context) return false;
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kZstdLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  const std::size_t before = bytes.size();
  bytes.resize(before + ZSTD_compressBound(text.size()));
  const std::size_t size = ZSTD_compress2(context.get(), bytes.data() + before,
                                          bytes.size() - before, text.data(), text.size());
  const bool done = ZSTD_isError(size) == 0;
  bytes.resize(done ? before + size : before);
  return done;
}

}  // namespace

Compression compression_of(std::string_view path) noexcept {
  if (path.ends_with(".gz")) return Compression::gzip;
  return path.ends_with(".zst") ? Compression::zstd : Compression::none;
}

bool append_encoded(Compression compression, std::string_view text, std::string& bytes) {
  switch (compression) {
    case Compression::gzip:
      return append_gzip(text, bytes);
    case Compression::zstd:
      return append_zstd(text, bytes);
    case Compression::none:
      break;
  }
  bytes += text;
  return true;
}

}  // namespace plimsoll::feeds
