#include "feeds/replay/feed.hpp"

#include <algorithm>

namespace plimsoll::feeds {
namespace {

static_assert(kJsonPadding >= Translator::kPadding);

constexpr Duration kPauseBetweenRounds = Duration::from_raw(1'000'000);

/// Marks in `seen` what kind of input came; inputs that no venue sends are not in the table.
struct Note {
  std::span<InstrumentSeen> seen;
  void operator()(const MarkPublished& body) const { of(body.instrument).mark = true; }
  void operator()(const BookQuoted& body) const { of(body.instrument).quotes = true; }
  void operator()(const TradePrinted& body) const { of(body.instrument).trades = true; }
  template <class Other>
  void operator()(const Other&) const {}

 private:
  [[nodiscard]] InstrumentSeen& of(InstrumentId instrument) const { return seen[instrument.raw()]; }
};

/// Moves an input of a later round on: its venue's time, and no number.
struct MoveOn {
  Duration shift;
  template <class Body>
  void operator()(Body& body) const {
    if constexpr (requires { body.venue_time; }) {
      if (body.venue_time.raw() != 0) body.venue_time = body.venue_time + shift;
    }
    if constexpr (requires {
                    body.source;
                    body.number;
                  })
      body.number = {};
  }
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
           const FeedOptions& options)
    : options_{options}, connections_(captures.size()) {
  counts_.instruments.resize(options.lists_every_symbol ? 0 : reference.instruments.size());
  std::vector<CaptureName> names;
  for (const std::string& capture : captures) {
    names.push_back(parse_capture_name(capture));
    paths_.push_back(names.back().path);
  }
  open();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const CaptureReader& reader = merge_->reader(i);
    Connection& connection = connections_[i];
    connection.venue =
        names[i].venue.value_or(detect_venue(reader.format().format, reader.first_text()));
    connection.translator =
        options.lists_every_symbol
            ? std::make_unique<Translator>(connection.venue, options.translator)
            : std::make_unique<Translator>(connection.venue, reference, options.translator);
  }
}

void Feed::open() {
  merge_ = std::make_unique<Merge>(paths_, options_.limits);
}

Step Feed::next(Input& input) {
  while (pending_.empty()) {
    MergedLine merged;
    Step step = merge_->next(merged);
    if (step == Step::ready && options_.to && merged.line.stamp > *options_.to) step = Step::end;
    if (step == Step::ready) {
      take(merged);
    } else if (step == Step::failed || !start_again()) {
      return step;
    }
  }
  give(input);
  return Step::ready;
}

bool Feed::start_again() {
  if (round_ + 1 >= options_.loops || !first_stamp_) return false;
  const Duration length = last_stamp_ - *first_stamp_ + kPauseBetweenRounds;
  const auto room = kStampMax.raw() - last_stamp_.raw() - shift_.raw();
  if (length.raw() > room) return false;
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    connections_[i].lines_before = line_rejects(i);
  }
  stamps_went_back_before_ += merge_->stamps_went_back();
  ++round_;
  shift_ = shift_ + length;
  open();
  interruptions_.clear();
  for (const Connection& connection : connections_) {
    const std::span<const InputBody> lost = connection.translator->disconnect().inputs;
    interruptions_.insert(interruptions_.end(), lost.begin(), lost.end());
  }
  pending_ = interruptions_;
  pending_time_ = *first_stamp_ + shift_;
  return true;
}

void Feed::take(const MergedLine& merged) {
  const Translation translation = translate(merged);
  counts_.gaps += translation.gaps;
  counts_.crossed += translation.crossed;
  const EventTime stamp = merged.line.stamp;
  if (options_.from && stamp < *options_.from) {
    return reject(merged, Reject::before_from, {});
  }
  if (!first_stamp_) first_stamp_ = stamp;
  last_stamp_ = std::max(last_stamp_, stamp);
  if (!translation.ok()) return reject(merged, translation.reject, translation.kind);
  ++counts_.lines_used;
  pending_ = translation.inputs;
  pending_time_ = stamp + shift_;
  if (options_.measures_delays && translation.venue_time.raw() != 0) {
    delays_.push_back((stamp - translation.venue_time).raw());
  }
}

Translation Feed::translate(const MergedLine& merged) {
  Connection& connection = connections_[merged.capture];
  switch (merged.line.kind) {
    case LineKind::disconnect:
      ++counts_.disconnects;
      return connection.translator->disconnect();
    case LineKind::answer:
      return translate_answer(merged);
    case LineKind::message:
      break;
  }
  const CaptureReader& reader = merge_->reader(merged.capture);
  if (!connection.header_read && reader.format().format == CaptureFormat::tardis_csv) {
    connection.translator->read_csv(reader.header(), reader.path());
    connection.header_read = true;
  }
  return connection.translator->translate(merged.line.json);
}

Translation Feed::translate_answer(const MergedLine& merged) {
  const Connection& own = connections_[merged.capture];
  for (const Connection& connection : connections_) {
    if (connection.venue != own.venue) continue;
    const Translation translation =
        connection.translator->translate_answer(merged.line.address, merged.line.json, true);
    if (translation.ok()) return translation;
  }
  return own.translator->translate_answer(merged.line.address, merged.line.json);
}

void Feed::reject(const MergedLine& merged, Reject reason, std::string_view kind) {
  connections_[merged.capture].rejected[static_cast<std::size_t>(reason)].add(merged.line.number);
  if (reason == Reject::unknown_message) count_unknown(kind);
}

void Feed::count_unknown(std::string_view kind) {
  auto& kinds = counts_.unknown_kinds;
  const auto named = [&](std::string_view name) {
    return std::find_if(kinds.begin(), kinds.end(),
                        [&](const UnknownKind& one) { return one.kind == name; });
  };
  auto found = named(kind);
  if (found == kinds.end() && kinds.size() + 1 >= kUnknownKindsMax) {
    kind = "other";
    found = named(kind);
  }
  if (found == kinds.end()) found = kinds.insert(found, {std::string{kind}, 0});
  ++found->count;
}

void Feed::give(Input& input) {
  input.sequence = {};
  input.time = pending_time_;
  input.origin = Origin::external;
  input.body = pending_.front();
  pending_ = pending_.subspan(1);
  if (round_ > 0) std::visit(MoveOn{shift_}, input.body);
  note(input);
}

void Feed::note(const Input& input) noexcept {
  if (counts_.inputs++ == 0) counts_.first_time = input.time;
  counts_.last_time = input.time;
  ++counts_.inputs_by_kind[kind_of(input)];
  if (!counts_.instruments.empty()) std::visit(Note{counts_.instruments}, input.body);
}

FeedStatistics Feed::statistics() const {
  FeedStatistics statistics = counts_;
  statistics.stamps_went_back = stamps_went_back_before_ + merge_->stamps_went_back();
  add_line_rejects(statistics);
  add_message_rejects(statistics);
  add_delay(statistics);
  statistics.lines_read = statistics.lines_used;
  for (const RejectCount& reject : statistics.rejected) statistics.lines_read += reject.count;
  return statistics;
}

Feed::LineTallies Feed::line_rejects(std::size_t capture) const {
  LineTallies tallies = connections_[capture].lines_before;
  const LineTallies& now = merge_->reader(capture).counts().rejected;
  for (std::size_t i = 0; i < kLineRejectKinds; ++i) {
    if (tallies[i].count == 0) tallies[i].first_line = now[i].first_line;
    tallies[i].count += now[i].count;
  }
  return tallies;
}

void Feed::add_line_rejects(FeedStatistics& statistics) const {
  for (std::size_t i = 0; i < kLineRejectKinds; ++i) {
    RejectCount sum{to_string(static_cast<LineReject>(i)), 0, {}, 0};
    for (std::size_t capture = 0; capture < paths_.size(); ++capture) {
      add(sum, line_rejects(capture)[i], paths_[capture]);
    }
    if (sum.count > 0) statistics.rejected.push_back(std::move(sum));
  }
}

void Feed::add_message_rejects(FeedStatistics& statistics) const {
  for (std::size_t i = 0; i < kRejectKinds; ++i) {
    RejectCount sum{to_string(static_cast<Reject>(i)), 0, {}, 0};
    for (std::size_t capture = 0; capture < paths_.size(); ++capture) {
      add(sum, connections_[capture].rejected[i], paths_[capture]);
    }
    if (sum.count > 0) statistics.rejected.push_back(std::move(sum));
  }
}

void Feed::add_delay(FeedStatistics& statistics) const {
  if (delays_.empty()) return;
  std::vector<std::int64_t> sorted = delays_;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const auto [least, most] = std::minmax_element(delays_.begin(), delays_.end());
  statistics.delay = {sorted.size(), Duration::from_raw(*least), Duration::from_raw(*middle),
                      Duration::from_raw(*most)};
}

}  // namespace plimsoll::feeds
