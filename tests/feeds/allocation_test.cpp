#include <gtest/gtest.h>

#include "feeds/replay/feed.hpp"
#include "tests/feeds/allocation_counter.hpp"
#include "tests/feeds/messages.hpp"
#include "tests/feeds/temporary_file.hpp"

// A message costs no allocation.

namespace plimsoll::feeds::testing {
namespace {

TEST(Allocation, AMessageCostsNone) {
  Parser parser{two_instruments()};
  std::vector<std::string> messages{join(mark_fields()),
                                    in_envelope(join(book_fields())),
                                    join(trade_fields()),
                                    "{\"e\":\"depthUpdate\"}",
                                    "{",
                                    "[]",
                                    with(book_fields(), "s", R"("s":"NOSUCHSYMBOLATALL")")};
  for (std::string& message : messages) message.reserve(message.size() + Translator::kPadding);
  for (const std::string& message : messages) (void)parser.parse(message);
  const std::uint64_t before = allocations_so_far();
  int read = 0;
  for (int round = 0; round < 100; ++round) {
    for (const std::string& message : messages) read += parser.parse(message).ok() ? 1 : 0;
  }
  EXPECT_EQ(allocations_so_far(), before);
  EXPECT_EQ(read, 300);
}

TEST(Allocation, ALineOfACaptureCostsNone) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "1 " + in_envelope(join(book_fields())) + "\n";
  for (const std::string& packed : {text, gzip(text), zstd(text)}) {
    const TemporaryFile file{packed};
    Feed feed{{file.path()}, two_instruments()};
    Input input;
    for (int i = 0; i < 2'000; ++i) ASSERT_EQ(feed.next(input), Step::ready);
    const std::uint64_t before = allocations_so_far();
    int lines = 0;
    while (feed.next(input) == Step::ready) ++lines;
    EXPECT_EQ(allocations_so_far(), before);
    EXPECT_EQ(lines, 18'000);
  }
}

}  // namespace
}  // namespace plimsoll::feeds::testing
