#include "engine/configuration/line_reader.hpp"

#include <cstring>

namespace plimsoll::configuration {

LineReader::Fill LineReader::fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == kLineMax) return Fill::full;
  std::size_t count = 0;
  switch (source_.read(buffer_.data() + end_, kLineMax - end_, count)) {
    case ByteSource::Result::end:
      return Fill::end;
    case ByteSource::Result::failed:
      return Fill::failed;
    default:
      end_ += count;
      return Fill::more;
  }
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
