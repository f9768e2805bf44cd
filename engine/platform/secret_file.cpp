#include "engine/platform/secret_file.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace plimsoll::platform {
namespace {

class Descriptor {
 public:
  // A pipe without a writer must not hold the process up.
  explicit Descriptor(const std::string& path)
      : number_{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)} {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const noexcept { return number_; }

 private:
  int number_;
};

std::string failure() {
  return std::string{"cannot be read: "} + std::strerror(errno);
}

/// What the open file is, not what is at the path by now.
std::string check(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return failure();
  if (!S_ISREG(status.st_mode)) return "is no regular file";
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return "may be used by others than its owner: chmod 600";
  }
  return {};
}

}  // namespace

Secret read_secret_file(const std::string& path) {
  const Descriptor file{path};
  if (file.number() < 0) return {{}, failure()};
  if (std::string wrong = check(file.number()); !wrong.empty()) return {{}, std::move(wrong)};
  std::string bytes(Secret::kSizeMax + 3, '\0');  // one too many, and a line break
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t count = ::read(file.number(), bytes.data() + size, bytes.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return {{}, failure()};
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  bytes.resize(size);
  if (bytes.ends_with('\n')) bytes.pop_back();
  if (bytes.ends_with('\r')) bytes.pop_back();
  if (bytes.size() < Secret::kSizeMin || bytes.size() > Secret::kSizeMax) {
    return {{}, "must hold a secret of 32 to 4096 bytes"};
  }
  return {std::move(bytes), {}};
}

}  // namespace plimsoll::platform
