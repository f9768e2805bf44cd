#include "engine/generate/capture.hpp"

#include <string>

#include "engine/generate/market.hpp"

namespace plimsoll::generate {
namespace {

using reference::Reference;

constexpr std::int64_t kTicksMin = 10;  // of a price at the start

void check_crash(const CrashShape& crash, std::vector<SettingError>& errors) {
  constexpr std::uint64_t kDropMax = 800'000;
  constexpr std::uint64_t kLegsMax = 20;
  constexpr std::uint64_t kWidthMin = 10'000;
  if (crash.drop > kDropMax) errors.push_back({"crash.drop", "must be at most 800000"});
  if (crash.end > kMillion) errors.push_back({"crash.end", "must be at most 1000000"});
  if (crash.start > kMillion || crash.start + kWidthMin > crash.end) {
    errors.push_back({"crash.start", "must be at least 10000 before crash.end"});
  }
  if (crash.legs == 0 || crash.legs > kLegsMax) {
    errors.push_back({"crash.legs", "must be 1 to 20"});
  }
}

void check_instruments(const Reference& reference, const CaptureSettings& settings,
                       std::vector<SettingError>& errors) {
  constexpr std::uint64_t kBetaMax = 3 * kMillion;
  if (settings.prices.size() != reference.instruments.size()) return;
  for (std::size_t i = 0; i < settings.prices.size(); ++i) {
    const std::int64_t highest = reference.instruments[i].price_max.raw() / 2;
    if (settings.prices[i] && settings.prices[i]->raw() > highest) {
      errors.push_back({"prices[" + std::to_string(i) + "]", "must be at most half of price_max"});
    }
  }
  if (!settings.betas.empty() && settings.betas.size() != reference.instruments.size()) {
    errors.push_back({"betas", "must be none, or as many as the instruments"});
  }
  for (std::size_t i = 0; i < settings.betas.size(); ++i) {
    if (settings.betas[i] > kBetaMax) {
      errors.push_back({"betas[" + std::to_string(i) + "]", "must be at most 3000000"});
    }
  }
}

std::vector<SettingError> check(const Reference& reference, const CaptureSettings& settings) {
  constexpr std::int64_t kStartMin = 10 * kSecond;
  constexpr std::int64_t kStartMax = 8'000'000'000 * kSecond;
  constexpr std::uint64_t kSecondsMax = 604'800;
  std::vector<SettingError> errors = check_prices(reference, settings.prices, kTicksMin);
  check_instruments(reference, settings, errors);
  check_crash(settings.crash, errors);
  if (settings.start.raw() < kStartMin || settings.start.raw() > kStartMax) {
    errors.push_back({"start", "must be 10 to 8000000000 seconds after 1970"});
  }
  if (settings.seconds == 0 || settings.seconds > kSecondsMax) {
    errors.push_back({"seconds", "must be 1 to 604800"});
  }
  if (settings.rate == 0 || settings.rate > kMillion) {
    errors.push_back({"rate", "must be 1 to 1000000"});
  }
  return errors;
}

}  // namespace

std::vector<SettingError> generate_capture(const Reference& reference,
                                           const CaptureSettings& settings, const LineSink& sink) {
  std::vector<SettingError> errors = check(reference, settings);
  if (errors.empty()) Market{reference, settings, sink}.run();
  return errors;
}

}  // namespace plimsoll::generate
