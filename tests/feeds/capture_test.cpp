#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/feeds/temporary_file.hpp"

namespace plimsoll::feeds::testing {
namespace {

ReadCapture read_text(std::string_view text, const CaptureLimits& limits = {}) {
  const TemporaryFile file{text};
  return read_all(file.path(), limits);
}

std::uint64_t count_of(const ReadCapture& capture, LineReject reject) {
  return capture.rejected.at(static_cast<std::size_t>(reject));
}

TEST(Capture, GivesStampJsonAndNumberOfEachLine) {
  const ReadCapture capture = read_text("1723161255088169167 {\"a\": 1}\n7 {}\r\n0  [ ]\n");
  EXPECT_EQ(capture.last, Step::end);
  const std::vector<ReadLine> expected{
      {1723161255088169167, "{\"a\": 1}", 1}, {7, "{}", 2}, {0, " [ ]", 3}};
  EXPECT_EQ(capture.lines, expected);
}

TEST(Capture, AnEmptyFileHasNoLines) {
  EXPECT_EQ(read_text("").lines_read, 0U);
  EXPECT_EQ(read_text(gzip("")).last, Step::end);
  EXPECT_EQ(read_text(zstd("")).last, Step::end);
}

TEST(Capture, EmptyLinesAreCountedAndPassedOver) {
  const ReadCapture capture = read_text("\n1 {}\n\r\n\n2 {}\n");
  EXPECT_EQ(capture.lines.size(), 2U);
  EXPECT_EQ(capture.lines[1].number, 5U);
  EXPECT_EQ(count_of(capture, LineReject::empty_line), 3U);
}

TEST(Capture, MalformedStampsAreRejected) {
  for (const char* line : {"{}", "x {}", "-1 {}", "+1 {}", "1.5 {}", " 1 {}", "1x {}", "0x1 {}",
                           "9223372036854775808 {}", "17231612550881691670 {}", "12", " ", " {}"}) {
    const ReadCapture capture = read_text(std::string{line} + "\n2 {}\n");
    EXPECT_EQ(count_of(capture, LineReject::malformed_stamp), 1U) << line;
    EXPECT_EQ(capture.lines.size(), 1U) << line;
  }
  EXPECT_EQ(read_text("7258118400000000000 {}\n").lines.size(), 1U);
  EXPECT_EQ(read_text("7258118400000000001 {}\n").lines.size(), 0U);
}

TEST(Capture, TheLastLineNeedsNoEndWhenItsJsonIsWhole) {
  EXPECT_EQ(read_text("1 {}\n2 {\"a\":\"}\"}").lines.size(), 2U);
  EXPECT_EQ(read_text("1 {}\n2 {} ").lines.size(), 2U);
}

TEST(Capture, HalfALineIsRejectedAndCounted) {
  for (const char* half :
       {"2", "17231", "2 ", "2 {", "2 {\"a\":\"}", "2 {\"a\":[1,2}", "2 nul", "2 {}}", "2 \"a\""}) {
    const ReadCapture capture = read_text(std::string{"1 {}\n"} + half);
    EXPECT_EQ(capture.lines.size(), 1U) << half;
    EXPECT_EQ(count_of(capture, LineReject::half_line), 1U) << half;
    EXPECT_EQ(capture.last, Step::end) << half;
  }
}

TEST(Capture, ALineThatIsTooLongIsRejectedAndTheNextIsRead) {
  const CaptureLimits limits{16, 40};
  const std::string fits = "1 " + std::string(38, 'x') + "\n";
  const std::string too_long = "2 " + std::string(39, 'x') + "\n";
  const std::string far_too_long = "3 " + std::string(5'000, 'x') + "\n";
  const ReadCapture capture = read_text(fits + too_long + far_too_long + "4 {}\n", limits);
  ASSERT_EQ(capture.lines.size(), 2U);
  EXPECT_EQ(capture.lines[0].json.size(), 38U);
  EXPECT_EQ(capture.lines[1].number, 4U);
  EXPECT_EQ(count_of(capture, LineReject::line_too_long), 2U);
  const ReadCapture cut = read_text("1 {}\n" + far_too_long.substr(0, 900), limits);
  EXPECT_EQ(count_of(cut, LineReject::line_too_long), 1U);
  EXPECT_EQ(cut.last, Step::end);
}

TEST(Capture, TheDefaultBoundOfALineIs16MiB) {
  const std::string line = "1 " + std::string((16U << 20U) - 2, 'x');
  EXPECT_EQ(read_text(line + "\n2 {}\n").lines.size(), 2U);
  EXPECT_EQ(count_of(read_text(line + "x\n2 {}\n"), LineReject::line_too_long), 1U);
}

TEST(Capture, PlainGzipAndZstdAreToldApartByTheirFirstBytes) {
  const std::string text = "1 {}\n\n2 {\"a\":1}\nx\n";
  const ReadCapture plain = read_text(text);
  EXPECT_EQ(plain, read_text(gzip(text)));
  EXPECT_EQ(plain, read_text(zstd(text)));
}

TEST(Capture, CompressedPiecesOneAfterAnotherAreOneText) {
  const ReadCapture plain = read_text("1 {}\n2 {}\n3 {}\n");
  EXPECT_EQ(plain, read_text(gzip("1 {}\n2 ") + gzip("") + gzip("{}\n3 {}\n")));
  EXPECT_EQ(plain, read_text(zstd("1 {}\n2 ") + zstd("") + zstd("{}\n3 {}\n")));
  const std::string skippable{"\x51\x2a\x4d\x18\x03\0\0\0abc", 11};
  EXPECT_EQ(plain, read_text(skippable + zstd("1 {}\n2 {}\n3 {}\n")));
}

TEST(Capture, ErrorsNameTheFileAndWhatIsWrong) {
  const std::string missing = "/no/such/capture.gz";
  EXPECT_EQ(read_all(missing).error, missing + ": No such file or directory");
  const std::string directory = std::filesystem::temp_directory_path().string();
  EXPECT_EQ(read_all(directory).error, directory + ": Is a directory");
  EXPECT_TRUE(CaptureReader{missing}.error().has_value());
}

TEST(Capture, AFileThatCannotBeReadIsAnError) {
  const std::string path = "/proc/self/mem";  // opens, but holds nothing at its start
  EXPECT_EQ(read_all(path).error, path + ": Input/output error");
}

TEST(Capture, AFileThatMayNotBeReadIsAnError) {
  const TemporaryFile file{"1 {}\n"};
  std::filesystem::permissions(file.path(), std::filesystem::perms::none);
  if (::access(file.path().c_str(), R_OK) == 0) GTEST_SKIP() << "this user may read every file";
  EXPECT_EQ(read_all(file.path()).error, file.path() + ": Permission denied");
}

TEST(Capture, ACorruptChecksumIsAnErrorAfterTheLines) {
  std::string packed = gzip("1 {}\n2 {}\n");
  packed[packed.size() - 8] = static_cast<char>(packed[packed.size() - 8] ^ 1);
  const TemporaryFile file{packed};
  const ReadCapture capture = read_all(file.path());
  EXPECT_EQ(capture.lines.size(), 2U);
  EXPECT_EQ(capture.error, file.path() + ": after line 2: corrupt gzip: incorrect data check");

  packed = zstd("1 {}\n2 {}\n");
  packed.back() = static_cast<char>(packed.back() ^ 1);
  file.write(packed);
  EXPECT_EQ(read_all(file.path()).last, Step::failed);
}

TEST(Capture, GarbageAfterACompressedPieceIsAnError) {
  EXPECT_EQ(read_text(gzip("1 {}\n") + "garbage").last, Step::failed);
  EXPECT_EQ(read_text(zstd("1 {}\n") + "garbage").last, Step::failed);
}

TEST(Capture, EveryReasonHasItsOwnName) {
  for (std::size_t i = 0; i < kLineRejectKinds; ++i) {
    EXPECT_NE(to_string(static_cast<LineReject>(i)), "unknown");
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NE(to_string(static_cast<LineReject>(i)), to_string(static_cast<LineReject>(j)));
    }
  }
  EXPECT_EQ(to_string(static_cast<LineReject>(kLineRejectKinds)), "unknown");
}

}  // namespace
}  // namespace plimsoll::feeds::testing
