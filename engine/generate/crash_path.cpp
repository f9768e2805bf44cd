#include "engine/generate/crash_path.hpp"

#include <algorithm>

#include "engine/value/integer.hpp"

namespace plimsoll::generate {
namespace {

constexpr std::int64_t kCrashActivity = 3;  // lines per time, beside 1 around it

std::int64_t in_billionths(std::uint64_t parts_per_million) {
  return static_cast<std::int64_t>(parts_per_million) * (kBillion / 1'000'000);
}

std::int64_t percent_of(std::int64_t amount, std::int64_t percent) {
  return amount * percent / 100;
}

}  // namespace

CrashPath::CrashPath(const CrashShape& shape, Random& random)
    : start_{in_billionths(shape.start)},
      end_{in_billionths(shape.drop == 0 ? shape.start : shape.end)} {
  PLIMSOLL_ASSERT(shape.legs > 0);
  const std::int64_t drop = in_billionths(shape.drop);
  std::vector<std::int64_t> shares;
  std::int64_t total = 0;
  for (std::uint64_t i = 0; i < shape.legs; ++i) {
    total += shares.emplace_back(random.between(50, 150));
  }
  add(0, kBillion);
  add(start_, kBillion);
  if (drop == 0) return;
  const std::int64_t width = (end_ - start_) / static_cast<std::int64_t>(shape.legs);
  std::int64_t begin = start_;
  std::int64_t level = kBillion;
  std::int64_t so_far = 0;
  for (const std::int64_t share : shares) {
    so_far += share;
    level = add_leg(begin, width, level, kBillion - drop * so_far / total, random);
    begin += width;
  }
  add_aftershocks(level, kBillion - drop);
  add(kBillion, level);
}

void CrashPath::add(std::int64_t place, std::int64_t level) {
  knots_.push_back({place, level});
}

/// A jump, a slide to the trough, a bounce. Returns the level after the bounce.
std::int64_t CrashPath::add_leg(std::int64_t begin, std::int64_t width, std::int64_t from,
                                std::int64_t trough, Random& random) {
  const std::int64_t depth = from - trough;
  const std::int64_t bounced = trough + percent_of(depth, random.between(25, 45));
  add(begin + 1, from - percent_of(depth, random.between(30, 60)));
  add(begin + percent_of(width, random.between(50, 70)), trough);
  add(begin + width - 1, bounced);
  return bounced;
}

/// Three falls back towards the trough, each weaker, in the first half of what is left.
void CrashPath::add_aftershocks(std::int64_t level, std::int64_t trough) {
  const std::int64_t slot = (kBillion - end_) / 8;
  std::int64_t begin = end_;
  for (const std::int64_t percent : {70, 40, 20}) {
    add(begin, level);
    add(begin + slot / 4, level - percent_of(level - trough, percent));
    add(begin + slot, level);
    begin += slot;
  }
}

std::int64_t CrashPath::level_at(std::int64_t place) const noexcept {
  const auto after =
      std::upper_bound(knots_.begin() + 1, knots_.end() - 1, place,
                       [](std::int64_t at, const Knot& knot) { return at < knot.place; });
  const Knot& high = *after;
  const Knot& low = *(after - 1);
  if (place >= high.place || high.place == low.place) return high.level;
  return low.level + (high.level - low.level) * (place - low.place) / (high.place - low.place);
}

std::int64_t CrashPath::place_of(std::int64_t share) const noexcept {
  const std::int64_t busy = kCrashActivity * (end_ - start_);
  const std::int64_t along =
      narrow(multiply_divide_floor(share, start_ + busy + kBillion - end_, kBillion));
  if (along < start_) return along;
  if (along < start_ + busy) return start_ + (along - start_) / kCrashActivity;
  return end_ + along - start_ - busy;
}

}  // namespace plimsoll::generate
