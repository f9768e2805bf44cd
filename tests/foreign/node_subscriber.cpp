#include "tests/foreign/node_subscriber.hpp"

#include <gtest/gtest.h>

#include "tests/foreign/tools.hpp"

namespace plimsoll::foreign {

using cli::testing::Finished;
using cli::testing::lines_of;

NodeSubscriber::NodeSubscriber(const NodeLogOn& log_on)
    : Process{"node",
              {source_path("subscriber.js"), std::to_string(log_on.port), log_on.user,
               log_on.password, log_on.session, std::to_string(log_on.number)}} {}

void NodeSubscriber::wait_for_lines(std::size_t count) {
  EXPECT_TRUE(wait_until([&] { return lines_of(out(), true).size() >= count; }));
}

std::vector<std::string> NodeSubscriber::finish(int code) {
  const Finished finished = wait();
  EXPECT_EQ(finished.code, code) << finished.err;
  EXPECT_EQ(finished.err, "");
  return lines_of(finished.out);
}

std::vector<std::string> events_in(const std::vector<std::string>& lines) {
  constexpr std::string_view kStart = "event ";
  std::vector<std::string> events;
  for (const std::string& line : lines) {
    if (line.starts_with(kStart)) events.push_back(line.substr(kStart.size()));
  }
  return events;
}

}  // namespace plimsoll::foreign
