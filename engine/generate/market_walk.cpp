#include "engine/generate/market_walk.hpp"

#include "engine/value/integer.hpp"

namespace plimsoll::generate {
namespace {

// Steps in parts per billion of the price, and the share of the noise that a step takes away. The
// noise then stays within about 0.5 % in the crash, and 0.05 % around it.
constexpr std::int64_t kMarketStep = 5'000;
constexpr std::int64_t kMarketPull = 4'096;
constexpr std::int64_t kQuietStep = 30'000;
constexpr std::int64_t kCrashStep = 500'000;
constexpr std::int64_t kPull = 32;

Price scaled(Price price, std::int64_t parts_per_billion) {
  return Price::from_raw(narrow(multiply_divide_floor(price.raw(), parts_per_billion, kBillion)));
}

}  // namespace

MarketWalk::MarketWalk(const CrashPath& path, std::vector<Price> prices,
                       std::vector<std::uint64_t> betas)
    : path_{path}, prices_{std::move(prices)}, betas_{std::move(betas)}, noise_(prices_.size()) {}

void MarketWalk::step(std::size_t instrument, std::int64_t place, Random& random) {
  const std::int64_t size = path_.in_crash(place) ? kCrashStep : kQuietStep;
  market_noise_ += random.between(-kMarketStep, kMarketStep) - market_noise_ / kMarketPull;
  noise_[instrument] += random.between(-size, size) - noise_[instrument] / kPull;
}

Price MarketWalk::level(std::size_t instrument, std::int64_t place) const {
  const std::int64_t fall = kBillion - path_.level_at(place);
  const auto beta = static_cast<std::int64_t>(betas_[instrument]);
  return scaled(prices_[instrument], kBillion - fall * beta / static_cast<std::int64_t>(kMillion));
}

Price MarketWalk::price(std::size_t instrument, std::int64_t place) const {
  return scaled(level(instrument, place), kBillion + market_noise_ + noise_[instrument]);
}

}  // namespace plimsoll::generate
