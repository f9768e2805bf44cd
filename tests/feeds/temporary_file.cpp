#include "tests/feeds/temporary_file.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

namespace plimsoll::feeds::testing {

TemporaryFile::TemporaryFile(std::string_view content) {
  path_ = (std::filesystem::temp_directory_path() / "plimsoll_feeds_XXXXXX").string();
  const int descriptor = ::mkstemp(path_.data());
  EXPECT_GE(descriptor, 0) << path_;
  ::close(descriptor);
  write(content);
}

TemporaryFile::~TemporaryFile() {
  (void)std::remove(path_.c_str());
}

void TemporaryFile::write(std::string_view content) const {
  std::ofstream file{path_, std::ios::binary | std::ios::trunc};
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  EXPECT_TRUE(file.good()) << path_;
}

std::string gzip(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string input{text};
  std::string output(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(output.data());
  stream.avail_out = static_cast<uInt>(output.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  output.resize(stream.total_out);
  deflateEnd(&stream);
  return output;
}

std::string zstd(std::string_view text) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string output(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size =
      ZSTD_compress2(context, output.data(), output.size(), text.data(), text.size());
  EXPECT_FALSE(ZSTD_isError(size));
  ZSTD_freeCCtx(context);
  output.resize(size);
  return output;
}

ReadCapture read_all(const std::string& path, const CaptureLimits& limits) {
  CaptureReader reader{path, limits};
  ReadCapture result;
  CaptureLine line;
  char sum = 0;
  while ((result.last = reader.next(line)) == Step::ready) {
    result.lines.push_back({line.stamp.raw(), std::string{line.json}, line.number});
    for (std::size_t i = 0; i < kJsonPadding; ++i) {
      sum = static_cast<char>(sum ^ line.json.data()[line.json.size() + i]);
    }
  }
  EXPECT_EQ(reader.next(line), result.last) << static_cast<int>(sum);
  const LineCounts& counts = reader.counts();
  result.lines_read = counts.lines_read;
  std::uint64_t sum_of_counts = counts.lines_used;
  for (const RejectTally& tally : counts.rejected) {
    result.rejected.push_back(tally.count);
    sum_of_counts += tally.count;
  }
  EXPECT_EQ(counts.lines_read, sum_of_counts);
  EXPECT_EQ(counts.lines_used, result.lines.size());
  EXPECT_EQ(reader.error().has_value(), result.last == Step::failed);
  if (reader.error()) result.error = to_string(*reader.error());
  return result;
}

}  // namespace plimsoll::feeds::testing
