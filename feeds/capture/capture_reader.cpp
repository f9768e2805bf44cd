#include "feeds/capture/capture_reader.hpp"

#include <utility>

namespace plimsoll::feeds {

CaptureReader::CaptureReader(std::string path, const CaptureLimits& limits)
    : path_{std::move(path)},
      splitter_{path_, limits},
      first_text_{splitter_.failure() ? std::string_view{} : splitter_.peek(kDetectSize), 0,
                  kDetectSize},
      format_{detect_format(first_text_)},
      parser_{format_.format} {
  if (splitter_.failure() && first_text_.empty()) {
    error_ = CaptureError{path_, 0, *splitter_.failure()};
  }
}

Step CaptureReader::next(CaptureLine& line) {
  for (;;) {
    RawLine raw;
    const Step step = splitter_.next(raw);
    if (step == Step::failed)
      error_ = CaptureError{path_, counts_.lines_read, *splitter_.failure()};
    if (step != Step::ready) return step;
    line.number = ++counts_.lines_read;
    const LineReject reject = parser_.parse(raw, line);
    if (reject == LineReject::none) {
      ++counts_.lines_used;
      return Step::ready;
    }
    counts_.rejected[static_cast<std::size_t>(reject)].add(line.number);
  }
}

}  // namespace plimsoll::feeds
