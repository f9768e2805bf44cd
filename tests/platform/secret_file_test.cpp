#include "engine/platform/secret_file.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace plimsoll::platform {
namespace {

class SecretFile : public testing::Test {
 protected:
  SecretFile() { std::filesystem::create_directories(folder_); }
  ~SecretFile() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] Secret read(const std::string& content, mode_t mode = 0600) const {
    const std::string path = folder_ / "key";
    std::ofstream{path, std::ios::binary} << content;
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return read_secret_file(path);
  }

  std::filesystem::path folder_{std::filesystem::temp_directory_path() /
                                ("plimsoll_secret_" + std::to_string(::getpid()))};
  std::string secret_{"just 32 bytes, not one byte less"};
};

TEST_F(SecretFile, IsReadWithoutItsLineBreak) {
  for (const char* end : {"", "\n", "\r\n"}) {
    const Secret read_back = read(secret_ + end);
    EXPECT_EQ(read_back.error, "");
    EXPECT_EQ(read_back.bytes, secret_);
  }
  EXPECT_EQ(read(secret_, 0400).bytes, secret_);
  EXPECT_EQ(read(std::string(Secret::kSizeMax, 's') + "\r\n").bytes.size(), Secret::kSizeMax);
}

TEST_F(SecretFile, ThatOthersMayUseIsRefused) {
  for (const mode_t mode : {0640, 0620, 0610, 0604, 0602, 0601}) {
    const Secret refused = read(secret_, mode);
    EXPECT_EQ(refused.error, "may be used by others than its owner: chmod 600") << mode;
    EXPECT_EQ(refused.bytes, "");
  }
}

TEST_F(SecretFile, ThatHoldsNoSecretIsRefused) {
  for (const std::string& content :
       {std::string{}, std::string{"\n"}, std::string(31, 's') + "\n",
        std::string(Secret::kSizeMax + 1, 's'), std::string(100'000, 's')}) {
    EXPECT_EQ(read(content).error, "must hold a secret of 32 to 4096 bytes") << content.size();
  }
}

TEST_F(SecretFile, ThatIsNoneIsRefused) {
  EXPECT_EQ(read_secret_file(folder_ / "none").error, "cannot be read: No such file or directory");
  EXPECT_EQ(read_secret_file(folder_).error, "is no regular file");
  const std::string pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(read_secret_file(pipe).error, "is no regular file");
}

}  // namespace
}  // namespace plimsoll::platform
