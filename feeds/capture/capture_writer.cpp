#include "feeds/capture/capture_writer.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace plimsoll::feeds {
namespace {

constexpr std::size_t kTextMax = 1U << 20U;  // flushed when there is more

/// `value` in `width` digits.
void append_digits(std::int64_t value, std::size_t width, std::string& text) {
  std::array<char, 20> digits{};
  for (std::size_t i = width; i-- > 0; value /= 10) {
    digits[i] = static_cast<char>('0' + value % 10);
  }
  text.append(digits.data(), width);
}

void append_iso(std::int64_t time_ns, std::string& text) {
  using namespace std::chrono;
  constexpr std::int64_t kTick_ns = 100;
  constexpr std::int64_t kTicksPerSecond = 10'000'000;
  const sys_time<nanoseconds> time{nanoseconds{time_ns}};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{floor<seconds>(time - day)};
  append_digits(static_cast<int>(date.year()), 4, text);
  text += '-';
  append_digits(static_cast<unsigned>(date.month()), 2, text);
  text += '-';
  append_digits(static_cast<unsigned>(date.day()), 2, text);
  text += 'T';
  append_digits(clock.hours().count(), 2, text);
  text += ':';
  append_digits(clock.minutes().count(), 2, text);
  text += ':';
  append_digits(clock.seconds().count(), 2, text);
  text += '.';
  append_digits(time_ns / kTick_ns % kTicksPerSecond, 7, text);
  text += 'Z';
}

}  // namespace

void append_stamp(StampFormat format, EventTime time, std::string& line) {
  if (format == StampFormat::iso) {
    append_iso(time.raw(), line);
  } else {
    line += std::to_string(time.raw());
  }
  line += ' ';
}

CaptureWriter::CaptureWriter(std::string path, StampFormat format)
    : format_{format}, compression_{compression_of(path)}, file_{std::move(path)} {}

const std::string& CaptureWriter::error() const noexcept {
  return file_.error().empty() ? error_ : file_.error();
}

void CaptureWriter::append_message(EventTime received, std::string_view text) {
  append_stamp(format_, received, text_);
  const std::size_t begin = text_.size();
  text_ += text;
  const auto is_end = [](char c) { return c == '\n' || c == '\r'; };
  std::replace_if(text_.begin() + static_cast<std::ptrdiff_t>(begin), text_.end(), is_end, ' ');
  text_ += '\n';
  if (text_.size() > kTextMax) flush();
}

void CaptureWriter::append_disconnect() {
  text_ += '\n';
}

bool CaptureWriter::flush() {
  if (!text_.empty() && error().empty()) {
    encoded_.clear();
    if (append_encoded(compression_, text_, encoded_)) {
      file_.write(encoded_);
    } else {
      error_ = file_.path() + ": no memory to compress it";
    }
  }
  text_.clear();
  return error().empty();
}

bool CaptureWriter::close() {
  flush();
  return file_.close() && error().empty();
}

}  // namespace plimsoll::feeds
