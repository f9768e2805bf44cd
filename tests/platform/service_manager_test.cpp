// Goal: a service manager hears what the service says, by a socket of a file or an abstract name.

#include "engine/platform/service_manager.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <string>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace plimsoll::platform {
namespace {

class ServiceManager : public ::testing::Test {
 protected:
  void listen(const std::string& name) {
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.c_str(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    ASSERT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), size), 0);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  std::string heard() const {
    std::array<char, 256> buffer{};
    const ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    return size < 0 ? "" : std::string{buffer.data(), static_cast<std::size_t>(size)};
  }
  void TearDown() override {
    if (socket_ >= 0) ::close(socket_);
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
    ::unsetenv("WATCHDOG_PID");
  }
  int socket_{-1};
};

TEST_F(ServiceManager, HearsByAFile) {
  const std::string path = ::testing::TempDir() + "notify" + std::to_string(::getpid());
  listen(path);
  EXPECT_TRUE(notify_service_manager("READY=1\nSTATUS=running"));
  EXPECT_EQ(heard(), "READY=1\nSTATUS=running");
  ::unlink(path.c_str());
}

TEST_F(ServiceManager, HearsByAnAbstractName) {
  listen("@plimsoll-test-" + std::to_string(::getpid()));
  EXPECT_TRUE(notify_service_manager("STOPPING=1"));
  EXPECT_EQ(heard(), "STOPPING=1");
}

TEST_F(ServiceManager, NeedNotBeThere) {
  EXPECT_TRUE(notify_service_manager("READY=1"));
  ::setenv("NOTIFY_SOCKET", "/there/is/no/such/socket", 1);
  EXPECT_FALSE(notify_service_manager("READY=1"));
}

TEST_F(ServiceManager, SaysHowOftenItWantsToHear) {
  EXPECT_EQ(watchdog_interval().count(), 0);
  ::setenv("WATCHDOG_USEC", "3000000", 1);
  EXPECT_EQ(watchdog_interval().count(), 3'000'000);
  ::setenv("WATCHDOG_PID", "1", 1);  // of another process
  EXPECT_EQ(watchdog_interval().count(), 0);
}

}  // namespace
}  // namespace plimsoll::platform
