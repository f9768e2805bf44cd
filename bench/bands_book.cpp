#include "bench/bands_book.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>

#include "engine/configuration/configuration.hpp"
#include "engine/generate/random.hpp"

namespace plimsoll::bench {
namespace {

constexpr std::int64_t kOne = 1'000'000'000;

std::string contract_text(std::size_t i) {
  return "[[instrument]]\nsymbol = \"C" + std::to_string(i) +
         "\"\nsettle = \"USD\"\nquantity_decimals = 3\nlot = \"0.001\"\ntick = \"0.01\"\n"
         "price_max = \"1000000\"\n"
         "brackets = [{ floor = \"0\", initial = \"0.01\", maintenance = \"0.005\" }]\n";
}

}  // namespace

const char* const kBandHead = R"(
[engine]
settle_grid = "1ms"
time_step = "100ms"
[limits]
accounts = 4096
positions = 4096
[exchange]
simulated = false
latency = "5ms"
half_spread = "0.0002"
impact = "0.01"
depth = "1000000000"
slippage_max = "0.05"
[[asset]]
name = "USD"
decimals = 9
insurance_fund = "1000"
[[profile]]
name = "standard"
breach_at_equality = true
call_trigger = "1.2"
call_target = "1.4"
call_period = "24h"
liquidation_target = "1.1"
liquidation_slippage_max = "0.01"
liquidation_fee = "0.0005"
liquidation_steps_max = 50
)";

reference::Reference band_reference(std::size_t accounts) {
  std::string text = kBandHead;
  for (std::size_t i = 0; i < kContracts; ++i) text += contract_text(i);
  const auto parsed = configuration::parse_configuration(text, "bands");
  if (!parsed.ok()) {
    std::cerr << "plimsoll-bench: " << configuration::to_string(parsed.errors.front()) << "\n";
    std::exit(3);
  }
  reference::Reference reference = parsed.configuration->reference;
  reference.limits.accounts = accounts;
  reference.limits.positions = kLines * accounts;
  if (!reference::finish(reference).empty()) std::exit(3);
  return reference;
}

std::int64_t first_price(std::uint32_t contract) noexcept {
  return (10'000 + 700 * std::int64_t{contract}) * kOne;
}

BandAccount band_account(std::uint64_t number) {
  generate::Random random{number * 0x9E3779B97F4A7C15ULL + 1};
  BandAccount account;
  std::int64_t gross = 0;
  for (std::size_t i = 0; i < kLines; ++i) {
    std::uint32_t contract = 0;
    const bool hot = i == 0 && random.next() % 10 < 3;
    for (bool fresh = hot; !fresh;) {
      contract = 1 + static_cast<std::uint32_t>(random.next() % (kContracts - 1));
      fresh = true;
      for (std::size_t k = 0; k < i; ++k) fresh = fresh && account.contract[k] != contract;
    }
    account.contract[i] = contract;
    // 500 to 20,500 dollars, long or short.
    const auto dollars = static_cast<std::int64_t>(500 + random.next() % 20'000);
    const std::int64_t size =
        std::max<std::int64_t>(1, dollars * 1'000 * kOne / first_price(contract));
    account.quantity[i] = random.next() % 2 == 0 ? size : -size;
    gross += size * (first_price(contract) / 1'000);
  }
  // Entered at the first price, equity is the balance; T(1.2) is 0.6 % of the gross value.
  const auto cushion = static_cast<std::int64_t>(50 + random.next() % 5'950);
  account.balance = gross / 1'000 * 6 + gross / 10'000 * cushion;
  return account;
}

PackedBandAccount packed_account(std::uint64_t number, const BandAccount& account) {
  PackedBandAccount packed{.account = {.account = AccountId::from_raw(number + 1),
                                       .owner = OwnerId::from_raw(number + 1),
                                       .parent = {},
                                       .balance = Amount::from_raw(account.balance),
                                       .profile = ProfileId::from_raw(0),
                                       .asset = AssetId::from_raw(0),
                                       .lines = kLines},
                           .lines = {}};
  for (std::size_t i = 0; i < kLines; ++i) {
    packed.lines[i] = {.quantity = Quantity::from_raw(account.quantity[i]),
                       .entry_price = Price::from_raw(first_price(account.contract[i])),
                       .instrument = InstrumentId::from_raw(account.contract[i])};
  }
  std::sort(packed.lines.begin(), packed.lines.end(),
            [](const auto& a, const auto& b) { return a.instrument < b.instrument; });
  return packed;
}

}  // namespace plimsoll::bench
