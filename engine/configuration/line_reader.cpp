#include "engine/configuration/line_reader.hpp"

#include <cerrno>
#include <cstring>

namespace plimsoll::configuration {

LineReader::LineReader(const std::string& path)
    : file_{gzopen(path.c_str(), "rb")}, buffer_(kLineMax + kPadding) {
  if (file_ == nullptr) error_ = std::string{"cannot be read: "} + std::strerror(errno);
}

LineReader::~LineReader() {
  if (file_ != nullptr) gzclose(file_);
}

LineReader::Fill LineReader::fill() {
  if (file_ == nullptr) return Fill::failed;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == kLineMax) return Fill::full;
  const int count = gzread(file_, buffer_.data() + end_, static_cast<unsigned>(kLineMax - end_));
  int code = Z_OK;
  const char* reason = gzerror(file_, &code);
  if (count < 0 || (count == 0 && code == Z_BUF_ERROR)) {
    error_ = code == Z_BUF_ERROR ? "the compressed file ends in the middle"
             : code == Z_ERRNO   ? std::string{"cannot be read: "} + std::strerror(errno)
                                 : reason;
    return Fill::failed;
  }
  end_ += static_cast<std::size_t>(count);
  return count == 0 ? Fill::end : Fill::more;
}

LineReader::Step LineReader::take(std::size_t size, std::size_t end_size, std::string_view& line) {
  ++line_number_;
  line = {buffer_.data() + begin_, size};
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  begin_ += size + end_size;
  scanned_ = 0;
  const bool too_long = skipping_;
  skipping_ = false;
  return too_long ? Step::too_long : Step::line;
}

LineReader::Step LineReader::next(std::string_view& line) {
  for (;;) {
    const char* text = buffer_.data() + begin_;
    const std::size_t size = end_ - begin_;
    if (size > scanned_) {
      const void* end = std::memchr(text + scanned_, '\n', size - scanned_);
      if (end != nullptr) {
        return take(static_cast<std::size_t>(static_cast<const char*>(end) - text), 1, line);
      }
    }
    scanned_ = size;
    switch (fill()) {
      case Fill::more:
        break;
      case Fill::full:
        skipping_ = true;
        begin_ = end_ = scanned_ = 0;
        break;
      case Fill::end:
        if (size == 0 && !skipping_) return Step::end;
        return take(size, 0, line);
      case Fill::failed:
        ++line_number_;
        return Step::failed;
    }
  }
}

}  // namespace plimsoll::configuration
