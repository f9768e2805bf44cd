#include "engine/platform/output_file.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace plimsoll::platform {
namespace {

constexpr std::size_t kBufferSize = 1 << 18;

}  // namespace

OutputFile::OutputFile(std::string path) : path_{std::move(path)} {
  buffer_.reserve(kBufferSize);
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor_ < 0) fail("cannot be written");
}

OutputFile::~OutputFile() {
  close();
}

void OutputFile::fail(const char* doing) {
  if (error_.empty()) error_ = path_ + ": " + doing + ": " + std::strerror(errno);
}

void OutputFile::append(std::span<const std::byte> bytes) {
  if (!error_.empty()) return;
  if (buffer_.size() + bytes.size() > kBufferSize) flush();
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

void OutputFile::append(std::string_view text) {
  append(std::as_bytes(std::span{text.data(), text.size()}));
}

bool OutputFile::flush() {
  std::size_t written = 0;
  while (error_.empty() && written < buffer_.size()) {
    const ssize_t count = ::write(descriptor_, buffer_.data() + written, buffer_.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      fail("write failed");
    } else {
      written += static_cast<std::size_t>(count);
    }
  }
  buffer_.clear();
  return error_.empty();
}

bool OutputFile::close() {
  if (descriptor_ < 0) return error_.empty();
  flush();
  if (::close(descriptor_) != 0) fail("close failed");
  descriptor_ = -1;
  return error_.empty();
}

}  // namespace plimsoll::platform
