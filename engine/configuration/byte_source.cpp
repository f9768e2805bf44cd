#include "engine/configuration/byte_source.hpp"

#include <cerrno>
#include <cstring>

namespace plimsoll::configuration {

ByteSource::ByteSource(const std::string& path) : file_{gzopen(path.c_str(), "rb")} {
  if (file_ == nullptr) error_ = std::string{"cannot be read: "} + std::strerror(errno);
}

ByteSource::~ByteSource() {
  if (file_ != nullptr) gzclose(file_);
}

ByteSource::Result ByteSource::read(char* into, std::size_t size, std::size_t& count) {
  count = 0;
  if (file_ == nullptr) return Result::failed;
  const int got = gzread(file_, into, static_cast<unsigned>(size));
  int code = Z_OK;
  const char* reason = gzerror(file_, &code);
  if (got < 0 || (got == 0 && code == Z_BUF_ERROR)) {
    error_ = code == Z_BUF_ERROR ? "the compressed file ends in the middle"
             : code == Z_ERRNO   ? std::string{"cannot be read: "} + std::strerror(errno)
                                 : reason;
    return Result::failed;
  }
  count = static_cast<std::size_t>(got);
  return got == 0 ? Result::end : Result::some;
}

}  // namespace plimsoll::configuration
