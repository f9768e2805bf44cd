#include "feeds/capture/capture_writer.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "feeds/capture/byte_source.hpp"
#include "feeds/capture/capture_reader.hpp"
#include "tests/live/venue.hpp"

namespace plimsoll::feeds {
namespace {

using live::testing::Folder;

std::string stamp(StampFormat format, std::int64_t time_ns) {
  std::string text;
  append_stamp(format, EventTime::from_raw(time_ns), text);
  return text;
}

/// The text of a file that may be compressed.
std::string text_of(const std::string& path) {
  ByteSource source{path, 4'096};
  std::string text;
  std::vector<char> buffer(4'096);
  for (std::size_t size = source.read(buffer); size > 0; size = source.read(buffer)) {
    text.append(buffer.data(), size);
  }
  EXPECT_FALSE(source.failure()) << source.failure().value_or("");
  return text;
}

TEST(CaptureWriter, WritesStampsOfTwentyEightCharacters) {
  EXPECT_EQ(stamp(StampFormat::iso, 0), "1970-01-01T00:00:00.0000000Z ");
  EXPECT_EQ(stamp(StampFormat::iso, 1'723'161'255'088'169'199), "2024-08-08T23:54:15.0881691Z ");
  EXPECT_EQ(stamp(StampFormat::iso, 951'827'696'000'000'000), "2000-02-29T12:34:56.0000000Z ");
  EXPECT_EQ(stamp(StampFormat::iso, 1'735'689'599'999'999'999), "2024-12-31T23:59:59.9999999Z ");
  EXPECT_EQ(stamp(StampFormat::nanoseconds, 1'723'161'255'088'169'199), "1723161255088169199 ");
}

TEST(CaptureWriter, WritesALineAMessageAndAnEmptyOneForALostConnection) {
  const Folder folder;
  CaptureWriter writer{folder.at("a"), StampFormat::iso};
  writer.append_message(EventTime::from_raw(1'000'000'000), "{\"a\":\r\n1}");
  writer.append_disconnect();
  writer.append_message(EventTime::from_raw(2'000'000'000), "{}\n");
  EXPECT_TRUE(writer.close());
  EXPECT_EQ(text_of(folder.at("a")),
            "1970-01-01T00:00:01.0000000Z {\"a\":  1}\n\n1970-01-01T00:00:02.0000000Z {} \n");
}

TEST(CaptureWriter, CanBeReadBackWholeAfterEveryFlush) {
  for (const char* name : {"a", "a.gz", "a.zst"}) {
    const Folder folder;
    CaptureWriter writer{folder.at(name), StampFormat::nanoseconds};
    const auto messages = live::testing::some_messages(1'100);
    std::size_t written = 0;
    for (const std::string& message : messages) {
      writer.append_message(EventTime::from_raw(1'000 + static_cast<std::int64_t>(written)),
                            message);
      if (++written % 50 != 0) continue;
      ASSERT_TRUE(writer.flush()) << writer.error();
      CaptureReader reader{folder.at(name)};  // as if the program had been killed now
      CaptureLine line;
      std::size_t read = 0;
      for (; reader.next(line) == Step::ready; ++read) {
        ASSERT_EQ(line.json, messages[read]);
        ASSERT_EQ(line.stamp.raw(), 1'000 + static_cast<std::int64_t>(read));
      }
      ASSERT_FALSE(reader.error()) << to_string(*reader.error());
      ASSERT_EQ(read, written) << name;
    }
  }
}

TEST(CaptureWriter, CompressesAsTheNameSays) {
  const Folder folder;
  std::vector<std::uintmax_t> sizes;
  for (const char* name : {"a.capture", "a.gz", "a.zst"}) {
    CaptureWriter writer{folder.at(name), StampFormat::iso};
    for (int i = 0; i < 1'000; ++i) writer.append_message(EventTime::from_raw(i), "{\"same\":1}");
    ASSERT_TRUE(writer.close());
    sizes.push_back(std::filesystem::file_size(folder.at(name)));
  }
  EXPECT_LT(sizes[1], sizes[0] / 4);
  EXPECT_LT(sizes[2], sizes[0] / 4);
}

TEST(CaptureWriter, NeverWritesOverAFile) {
  const Folder folder;
  const std::string path = folder.write("old", "precious\n");
  CaptureWriter writer{path, StampFormat::iso};
  EXPECT_EQ(writer.error(), path + ": is there already, and is not written over");
  writer.append_message(EventTime::from_raw(1), "{}");
  EXPECT_FALSE(writer.close());
  EXPECT_EQ(text_of(path), "precious\n");
}

TEST(CaptureWriter, SaysWhyAFileCannotBeCreated) {
  const Folder folder;
  const CaptureWriter writer{folder.at("no/such/folder"), StampFormat::iso};
  EXPECT_EQ(writer.error(),
            folder.at("no/such/folder") + ": cannot be created: No such file or directory");
}

TEST(CaptureWriter, LeavesNoEmptyFile) {
  const Folder folder;
  CaptureWriter writer{folder.at("a.gz"), StampFormat::iso};
  EXPECT_TRUE(std::filesystem::exists(folder.at("a.gz")));
  EXPECT_TRUE(writer.close());
  EXPECT_FALSE(std::filesystem::exists(folder.at("a.gz")));
}

TEST(CaptureWriter, KeepsTheFirstFailure) {
  const Folder folder;
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{10'000, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  CaptureWriter writer{folder.at("a"), StampFormat::iso};
  writer.append_message(EventTime::from_raw(1), "{}");
  EXPECT_TRUE(writer.flush());
  writer.append_message(EventTime::from_raw(2), std::string(20'000, 'x'));
  EXPECT_FALSE(writer.flush());
  EXPECT_EQ(writer.error(), folder.at("a") + ": write failed: File too large");
  writer.append_message(EventTime::from_raw(3), "{}");
  EXPECT_FALSE(writer.close());
  EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
}

}  // namespace
}  // namespace plimsoll::feeds
