#include "feeds/capture/line_splitter.hpp"

#include <algorithm>
#include <cstring>

namespace plimsoll::feeds {

LineSplitter::LineSplitter(const std::string& path, const CaptureLimits& limits)
    : source_{path, limits.read_size}, limits_{limits}, buffer_(limits.read_size + kJsonPadding) {}

Step LineSplitter::next(RawLine& line) {
  line = {};
  while (!take_line(line)) {
    if (ended_) return take_rest(line);
    fill();
  }
  return Step::ready;
}

std::string_view LineSplitter::peek(std::size_t size) {
  const std::size_t wanted = std::min(size, limits_.line_length_max);
  while (!ended_ && end_ - begin_ < wanted) fill();
  return {buffer_.data() + begin_, end_ - begin_};
}

bool LineSplitter::take_line(RawLine& line) {
  const char* text = buffer_.data();
  const void* found = std::memchr(text + scanned_, '\n', end_ - scanned_);
  scanned_ = end_;
  if (found == nullptr) return false;
  const auto length = static_cast<std::size_t>(static_cast<const char*>(found) - text) - begin_;
  line.too_long = discarding_ || length > limits_.line_length_max;
  if (!line.too_long) line.text = {text + begin_, length};
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  discarding_ = false;
  begin_ += length + 1;
  scanned_ = begin_;
  return true;
}

Step LineSplitter::take_rest(RawLine& line) {
  if (begin_ == end_ && !discarding_) return source_.failure() ? Step::failed : Step::end;
  line.has_end = false;
  line.too_long = discarding_;
  line.text = {buffer_.data() + begin_, end_ - begin_};
  begin_ = scanned_ = end_;
  discarding_ = false;
  return Step::ready;
}

void LineSplitter::fill() {
  // What is left is the start of one line: move it to the front, or drop it when it is too long.
  const std::size_t kept = end_ - begin_;
  discarding_ = discarding_ || kept > limits_.line_length_max;
  scanned_ = discarding_ ? 0 : scanned_ - begin_;
  if (discarding_) {
    end_ = 0;
  } else {
    std::memmove(buffer_.data(), buffer_.data() + begin_, kept);
    end_ = kept;
  }
  begin_ = 0;
  if (buffer_.size() < end_ + limits_.read_size + kJsonPadding) {
    buffer_.resize(std::max(end_ + limits_.read_size + kJsonPadding, 2 * end_));
  }
  const std::size_t size = source_.read(std::span{buffer_}.subspan(end_, limits_.read_size));
  ended_ = size == 0;
  end_ += size;
}

}  // namespace plimsoll::feeds
