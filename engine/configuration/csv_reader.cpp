#include "engine/configuration/csv_reader.hpp"

namespace plimsoll::configuration {

CsvReader::CsvReader(const std::string& path) : source_{path}, block_(std::size_t{1} << 16U) {}

/// The next byte, or kEnd, or kFailed.
int CsvReader::get() {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (next_ == size_) {
    const ByteSource::Result result = source_.read(block_.data(), block_.size(), size_);
    next_ = 0;
    if (result == ByteSource::Result::failed) return kFailed;
    if (!started_ && std::string_view{block_.data(), size_}.starts_with(kByteOrderMark)) {
      next_ = kByteOrderMark.size();
    }
    started_ = true;
    if (next_ == size_) return kEnd;
  }
  return static_cast<unsigned char>(block_[next_++]);
}

CsvReader::Step CsvReader::next(std::vector<std::string_view>& fields) {
  Step step = Step::record;
  do {
    step = read_record();
  } while (step == Step::record && is_blank());
  fields.clear();
  if (step != Step::record) return step;
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    fields.push_back(std::string_view{text_}.substr(begin, end - begin));
    begin = end;
  }
  return step;
}

CsvReader::Step CsvReader::read_record() {
  text_.clear();
  ends_.clear();
  state_ = State::start;
  has_quotes_ = false;
  record_line_ = source_.is_open() ? line_ : 0;
  for (bool done = false; !done;) {
    const int c = get();
    if (c == kFailed) return fail(source_.error());
    const Step step = c == kEnd ? end_of_file(done) : take(c, done);
    if (step != Step::record) return step;
  }
  return Step::record;
}

CsvReader::Step CsvReader::take(int c, bool& done) {
  if (text_.size() + ends_.size() >= kRecordMax) return fail("is longer than 1 MiB");
  if (c == '\n') ++line_;
  if (state_ == State::quoted) {
    if (c == '"') {
      state_ = State::closed;
    } else {
      text_ += static_cast<char>(c);
    }
    return Step::record;
  }
  if (c == '"' && state_ != State::plain) {
    if (state_ == State::closed) text_ += '"';  // The one before it was not the end.
    state_ = State::quoted;
    has_quotes_ = true;
    return Step::record;
  }
  if (c == '\r') {
    if (get() != '\n') return fail("has a carriage return that ends no line, outside quotes");
    ++line_;
    c = '\n';
  }
  if (c == ',' || c == '\n') {
    end_field();
    done = c == '\n';
    return Step::record;
  }
  if (c == '"') return fail("has a quote inside a field that does not start with one");
  if (state_ == State::closed) return fail("has text after a closing quote");
  state_ = State::plain;
  text_ += static_cast<char>(c);
  return Step::record;
}

CsvReader::Step CsvReader::end_of_file(bool& done) {
  if (state_ == State::quoted) return fail("ends inside quotes");
  if (state_ == State::start && ends_.empty()) return Step::end;
  end_field();
  done = true;
  return Step::record;
}

void CsvReader::end_field() {
  ends_.push_back(text_.size());
  state_ = State::start;
}

CsvReader::Step CsvReader::fail(std::string reason) {
  error_ = std::move(reason);
  return Step::failed;
}

bool CsvReader::is_blank() const noexcept {
  return text_.empty() && ends_.size() == 1 && !has_quotes_;
}

}  // namespace plimsoll::configuration
