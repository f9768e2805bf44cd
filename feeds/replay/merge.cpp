#include "feeds/replay/merge.hpp"

namespace plimsoll::feeds {

Merge::Merge(const std::vector<std::string>& paths, const CaptureLimits& limits) {
  heads_.reserve(paths.size());
  for (const std::string& path : paths) {
    heads_.push_back({CaptureReader{path, limits}, {}, Step::end});
    advance(heads_.back());
  }
}

Step Merge::next(MergedLine& merged) {
  if (given_ != nullptr) {
    const EventTime before = given_->line.stamp;
    advance(*given_);
    stamps_went_back_ += given_->step == Step::ready && given_->line.stamp < before ? 1U : 0U;
    given_ = nullptr;
  }
  if (error_) return Step::failed;
  // A stamp that went back is below every other head, or it would have come earlier: so it comes
  // right after its predecessor, and raw stamps order the files as promised.
  for (Head& head : heads_) {
    if (head.step != Step::ready) continue;
    if (given_ == nullptr || head.line.stamp < given_->line.stamp) given_ = &head;
  }
  if (given_ == nullptr) return Step::end;
  merged = {given_->line, static_cast<std::size_t>(given_ - heads_.data())};
  return Step::ready;
}

void Merge::advance(Head& head) {
  head.step = head.reader.next(head.line);
  if (head.step == Step::failed && !error_) error_ = head.reader.error();
}

}  // namespace plimsoll::feeds
