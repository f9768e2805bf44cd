#include "feeds/capture/new_file.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace plimsoll::feeds {

NewFile::NewFile(std::string path) : path_{std::move(path)} {
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor_ >= 0) return;
  if (errno == EEXIST) {
    error_ = path_ + ": is there already, and is not written over";
  } else {
    fail("cannot be created", errno);
  }
}

NewFile::~NewFile() {
  close();
}

void NewFile::write(std::string_view bytes) {
  while (error_.empty() && !bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) fail("write failed", errno);
    if (count <= 0) continue;
    empty_ = false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

bool NewFile::close() {
  if (descriptor_ < 0) return error_.empty();
  if (::close(descriptor_) != 0) fail("close failed", errno);
  descriptor_ = -1;
  if (empty_) ::unlink(path_.c_str());
  return error_.empty();
}

void NewFile::fail(const char* doing, int error) {
  if (!error_.empty()) return;
  error_ = path_ + ": " + doing + ": " + std::generic_category().message(error);
}

}  // namespace plimsoll::feeds
