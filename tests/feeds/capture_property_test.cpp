#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/feeds/temporary_file.hpp"

namespace plimsoll::feeds::testing {
namespace {

/// The text of a capture with lines good and bad, of all the kinds that the reader tells apart.
rc::Gen<std::string> any_text() {
  return rc::gen::exec([] {
    std::string text;
    const auto lines = *rc::gen::inRange(0, 12);
    for (int i = 0; i < lines; ++i) {
      const std::string stamp = std::to_string(*rc::gen::inRange(0, 2'000'000'000));
      text += *rc::gen::element<std::string>(
          stamp + " {\"e\":\"trade\",\"p\":\"1.5\"}", stamp + " {}", stamp + " {\"a\":[{}]}", "",
          stamp, "x {}", stamp + " " + std::string(80, 'y'), "1 {\"s\":\"\\\"}\"}");
      text += *rc::gen::element<std::string>("\n", "\n", "\r\n");
    }
    const auto cut = *rc::gen::inRange<std::size_t>(0, 6);
    return text.substr(0, text.size() - std::min(text.size(), cut));
  });
}

TEST(CaptureProperty, TheSizeOfReadsDoesNotMatter) {
  const TemporaryFile file;
  EXPECT_TRUE(rc::check([&] {
    const std::string text = *any_text();
    const CaptureLimits usual{256U << 10U, 60};
    const CaptureLimits small{*rc::gen::inRange<std::size_t>(1, 70), 60};
    file.write(text);
    const ReadCapture expected = read_all(file.path(), usual);
    RC_ASSERT(expected == read_all(file.path(), small));
    for (const std::string& packed : {gzip(text), zstd(text)}) {
      file.write(packed);
      RC_ASSERT(expected == read_all(file.path(), usual));
      RC_ASSERT(expected == read_all(file.path(), small));
    }
  }));
}

/// A text of some blocks that do not compress to nothing.
std::string some_lines() {
  std::string text;
  std::uint64_t state = 7;
  for (int i = 0; i < 40; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    text += std::to_string(1'700'000'000'000'000'000 + i) + " {\"p\":\"" + std::to_string(state) +
            "\"}\n";
  }
  return text;
}

void expect_prefix(const ReadCapture& part, const ReadCapture& whole, std::size_t at) {
  ASSERT_LE(part.lines.size(), whole.lines.size()) << at;
  for (std::size_t i = 0; i < part.lines.size(); ++i) {
    ASSERT_EQ(part.lines[i].json, whole.lines[i].json) << at;
    ASSERT_EQ(part.lines[i].stamp, whole.lines[i].stamp) << at;
  }
}

TEST(CaptureProperty, ACompressedFileCutAtAnyByteFailsAfterTheLinesBefore) {
  const std::string text = some_lines();
  const TemporaryFile file{text};
  const ReadCapture whole = read_all(file.path());
  ASSERT_EQ(whole.lines.size(), 40U);
  // A file shorter than the magic is taken for text, of which there is half a line.
  for (const auto& [packed, magic_length] :
       {std::pair{gzip(text), 2U}, std::pair{zstd(text), 4U}}) {
    for (std::size_t cut = 0; cut < packed.size(); ++cut) {
      file.write(std::string_view{packed}.substr(0, cut));
      const ReadCapture part = read_all(file.path(), {97, 16U << 20U});
      expect_prefix(part, whole, cut);
      ASSERT_EQ(part.last, cut < magic_length ? Step::end : Step::failed) << cut;
    }
  }
}

TEST(CaptureProperty, ACompressedFileWithAFlippedByteFailsOrIsUnharmed) {
  const std::string text = some_lines();
  const TemporaryFile file{text};
  const ReadCapture whole = read_all(file.path());
  for (const std::string& packed : {gzip(text), zstd(text)}) {
    for (std::size_t at = 4; at < packed.size(); ++at) {
      std::string damaged = packed;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
      file.write(damaged);
      const ReadCapture part = read_all(file.path());
      ASSERT_TRUE(part.last == Step::failed || part == whole) << at;
    }
  }
}

TEST(CaptureProperty, APlainFileCutAtAnyByteLosesAtMostTheLastLine) {
  const std::string text = some_lines();
  const TemporaryFile file{text};
  const ReadCapture whole = read_all(file.path());
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    file.write(std::string_view{text}.substr(0, cut));
    const ReadCapture part = read_all(file.path());
    expect_prefix(part, whole, cut);
    ASSERT_EQ(part.last, Step::end) << cut;
    const auto ends = static_cast<std::size_t>(
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(cut), '\n'));
    ASSERT_GE(part.lines.size(), ends) << cut;
  }
}

TEST(CaptureProperty, AnyBytesNeverCrash) {
  const TemporaryFile file;
  EXPECT_TRUE(rc::check([&](const std::string& bytes) {
    const CaptureLimits limits{*rc::gen::inRange<std::size_t>(1, 70), 60};
    for (const std::string magic : {"", "\x1f\x8b\x08", "\x28\xb5\x2f\xfd"}) {
      file.write(magic + bytes);
      (void)read_all(file.path(), limits);
    }
  }));
}

}  // namespace
}  // namespace plimsoll::feeds::testing
