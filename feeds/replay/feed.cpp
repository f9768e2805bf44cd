#include "feeds/replay/feed.hpp"

namespace plimsoll::feeds {
namespace {

static_assert(kJsonPadding >= binance::Parser::kPadding);

/// Marks in `seen` what kind of input came; inputs that no venue sends are not in the table.
struct Note {
  InstrumentSeen* seen;
  void operator()(const MarkPublished& body) const { seen[body.instrument.raw()].mark = true; }
  void operator()(const BookQuoted& body) const { seen[body.instrument.raw()].quotes = true; }
  void operator()(const TradePrinted& body) const { seen[body.instrument.raw()].trades = true; }
  template <class Other>
  void operator()(const Other&) const {}
};

/// Adds the tally of one capture to the count of a reason.
void add(RejectCount& sum, const RejectTally& tally, const std::string& path) {
  if (sum.count == 0 && tally.count > 0) {
    sum.first_path = path;
    sum.first_line = tally.first_line;
  }
  sum.count += tally.count;
}

}  // namespace

Feed::Feed(const std::vector<std::string>& captures, const reference::Reference& reference,
           const CaptureLimits& limits)
    : merge_{captures, limits},
      parser_{reference},
      message_rejects_(captures.size()),
      instruments_(reference.instruments.size()) {}

Step Feed::next(Input& input) {
  for (;;) {
    MergedLine merged;
    const Step step = merge_.next(merged);
    if (step != Step::ready) return step;
    const binance::Parsed parsed = parser_.parse(merged.line.json);
    if (parsed.ok()) {
      input = {Sequence{}, merged.line.stamp, Origin::external, parsed.body};
      note(input);
      return Step::ready;
    }
    message_rejects_[merged.capture][static_cast<std::size_t>(parsed.reject)].add(
        merged.line.number);
  }
}

void Feed::note(const Input& input) noexcept {
  if (lines_used_++ == 0) first_time_ = input.time;
  last_time_ = input.time;
  std::visit(Note{instruments_.data()}, input.body);
}

FeedStatistics Feed::statistics() const {
  FeedStatistics statistics;
  statistics.lines_used = lines_used_;
  statistics.stamps_went_back = merge_.stamps_went_back();
  statistics.instruments = instruments_;
  statistics.first_time = first_time_;
  statistics.last_time = last_time_;
  add_line_rejects(statistics);
  add_message_rejects(statistics);
  statistics.lines_read = lines_used_;
  for (const RejectCount& reject : statistics.rejected) statistics.lines_read += reject.count;
  return statistics;
}

void Feed::add_line_rejects(FeedStatistics& statistics) const {
  for (std::size_t i = 0; i < kLineRejectKinds; ++i) {
    RejectCount sum{to_string(static_cast<LineReject>(i)), 0, {}, 0};
    for (std::size_t capture = 0; capture < merge_.captures(); ++capture) {
      const CaptureReader& reader = merge_.reader(capture);
      add(sum, reader.counts().rejected[i], reader.path());
    }
    if (sum.count > 0) statistics.rejected.push_back(std::move(sum));
  }
}

void Feed::add_message_rejects(FeedStatistics& statistics) const {
  for (std::size_t i = 0; i < binance::kRejectKinds; ++i) {
    RejectCount sum{to_string(static_cast<binance::Reject>(i)), 0, {}, 0};
    for (std::size_t capture = 0; capture < merge_.captures(); ++capture) {
      add(sum, message_rejects_[capture][i], merge_.reader(capture).path());
    }
    if (sum.count > 0) statistics.rejected.push_back(std::move(sum));
  }
}

}  // namespace plimsoll::feeds
