#include "feeds/capture/file.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace plimsoll::feeds {

File::File(const std::string& path) : descriptor_{::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {
  struct stat status {};
  if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) {
    fail(errno);
  } else if (S_ISDIR(status.st_mode)) {
    fail(EISDIR);
  }
}

File::File(File&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)}, failure_{std::move(other.failure_)} {}

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(failure_, other.failure_);
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::size_t File::read(std::span<char> output) {
  std::size_t filled = 0;
  while (filled < output.size() && !failure_) {
    const ssize_t size = ::read(descriptor_, output.data() + filled, output.size() - filled);
    if (size == 0) break;
    if (size > 0) filled += static_cast<std::size_t>(size);
    if (size < 0 && errno != EINTR) fail(errno);
  }
  return filled;
}

void File::fail(int error) {
  failure_ = std::generic_category().message(error);
}

}  // namespace plimsoll::feeds
