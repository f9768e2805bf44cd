#include "engine/configuration/accounts_reader.hpp"
#include "engine/core/inline_fabric.hpp"
#include "engine/core/sequencer.hpp"
#include "engine/generate/random.hpp"
#include "engine/value/decimal.hpp"
#include "tests/configuration/wide.hpp"

// Goal: what the reader of a book takes, the engine never refuses. Method: random accounts of every
// kind, right or wrong, sizes up to the limits; the inputs of those that are taken go to a core.

namespace plimsoll::configuration {
namespace {

using generate::Random;

template <std::size_t N>
std::string one_of(Random& random, const std::array<const char*, N>& words) {
  return words[static_cast<std::size_t>(random.below(N))];
}

/// Rarely true.
bool slip(Random& random) {
  return random.below(40) == 0;
}

/// A positive decimal of any magnitude that a book may have, mostly a small one.
std::string number(Random& random, int decimals) {
  std::int64_t raw = 1 + static_cast<std::int64_t>(random.below(9));
  for (std::int64_t i = random.between(0, random.between(0, 17)); i > 0; --i) {
    raw = 10 * raw + static_cast<std::int64_t>(random.below(10));
  }
  return format_decimal(raw, decimals);
}

/// What an account is, as far as its lines depend on it.
struct Kind {
  std::string asset;
  bool hedge;
};

constexpr std::array<const char*, 5> kSymbols{"BTCUSDT", "ETHUSDT", "BTCUSD_210924", "NEWUSDT",
                                              "BTC/USDT"};
constexpr std::array<int, 5> kDecimals{3, 2, 0, 2, 6};

/// An instrument and side of the account, and a quantity on that side when it opens.
std::string line(Random& random, const Kind& kind, bool opens) {
  std::size_t at = kind.asset == "BTC" ? 2 : static_cast<std::size_t>(random.below(2));
  if (kind.asset == "USD") at = static_cast<std::size_t>(random.below(3));
  if (slip(random)) at = static_cast<std::size_t>(random.below(kSymbols.size()));
  const bool buy = random.below(2) == 0;
  std::string text = R"("instrument":")" + std::string{kSymbols[at]} + "\"";
  text += R"(,"quantity":")" + std::string{buy ? "" : "-"} + number(random, kDecimals[at]) + "\"";
  if (kind.hedge != slip(random)) {
    const bool is_long = buy == (opens != slip(random));
    text += is_long ? R"(,"side":"long")" : R"(,"side":"short")";
  }
  return text;
}

std::string position(Random& random, const Kind& kind) {
  std::string text = "{" + line(random, kind, true) + R"(,"entry_price":")" +
                     one_of<4>(random, {"60000", "0.1", "1000000", "123.456"}) + "\"";
  if (random.below(4) == 0)
    text += R"(,"leverage":")" + one_of<3>(random, {"1", "20", "50"}) + "\"";
  return text + "}";
}

std::string order(Random& random, const Kind& kind, std::int64_t number) {
  const bool reduces = random.below(3) == 0;
  std::string text = R"({"order":)" + std::to_string(number) + "," + line(random, kind, !reduces);
  text += R"(,"limit":")" + one_of<4>(random, {"60000", "0.1", "1000000", "123.4"}) + "\"";
  return text + (reduces ? R"(,"reduce_only":true})" : "}");
}

template <class Element>
std::string list(const char* key, Random& random, Element element) {
  std::string text = std::string{",\""} + key + "\":[";
  for (std::int64_t i = random.between(0, 2); i > 0; --i) {
    text += element(i) + (i > 1 ? "," : "");
  }
  return text + "]";
}

/// `parents`: accounts that it may name. Their owner is their number modulo 4.
std::string account(Random& random, int id, const std::vector<int>& parents) {
  const bool multi = random.below(3) == 0;
  const Kind kind{multi ? "USD" : one_of<3>(random, {"USDT", "USDT", "BTC"}), random.below(3) == 0};
  std::string text = R"({"account":)" + std::to_string(id);
  text += R"(,"profile":")" + one_of<2>(random, {"plain", "wide"}) + "\"";
  text += R"(,"asset":")" + kind.asset + "\"";
  if (multi) text += R"(,"mode":"multi_asset")";
  if (kind.hedge) text += R"(,"position_mode":"hedge")";
  int owner = id % 4;
  if (!multi && !parents.empty() && random.below(2) == 0) {
    const int parent = parents[static_cast<std::size_t>(random.below(parents.size()))];
    owner = parent % 4;
    text += R"(,"parent":)" + std::to_string(parent);
    if (random.below(2) == 0) text += R"(,"mode":"isolated","auto_top_up":true)";
  }
  text += R"(,"owner":)" + std::to_string(owner);
  if (random.below(2) == 0) text += R"(,"balance":")" + number(random, 6) + "\"";
  if (multi) {
    text += R"(,"balances":{"BTC":")" + number(random, 8) + R"(","USDT":"-)" + number(random, 6) +
            "\"}";
  }
  text += list("positions", random, [&](std::int64_t) { return position(random, kind); });
  text += list("orders", random, [&](std::int64_t i) { return order(random, kind, i); });
  return text + "}";
}

/// Submits inputs to a core and counts what it refuses.
class Core {
 public:
  explicit Core(const reference::Reference& reference)
      : fabric_{reference, 2, watch::Mode::bands}, sequencer_{reference, fabric_} {}

  int refused(const std::vector<InputBody>& inputs) {
    for (const InputBody& body : inputs) {
      sequencer_.submit({.sequence = {}, .time = EventTime::from_raw(1), .body = body});
    }
    sequencer_.publish_all();
    int count = 0;
    for (const Event& event : sequencer_.published()) {
      count += std::holds_alternative<InputRefused>(event.body) ||
               std::holds_alternative<OrderRefused>(event.body);
    }
    sequencer_.clear();
    return count;
  }

 private:
  core::InlineFabric fabric_;
  core::Sequencer<core::InlineFabric> sequencer_;
};

TEST(EngineAccepts, WhatTheReaderOfABookTakes) {
  const reference::Reference reference =
      parse_configuration(wide_configuration(), "t.toml").configuration.value().reference;
  Random random{11};
  std::size_t accounts = 0;
  std::size_t positions = 0;
  for (int round = 0; round < 1'000; ++round) {
    AccountsReader reader{reference, "a"};
    Core core{reference};
    std::vector<int> taken;
    for (int id = 1; id <= 40; ++id) {
      const std::string line = account(random, id, taken);
      const std::string padded = line + std::string(AccountJsonParser::kPadding, '\0');
      std::vector<InputBody> inputs;
      const auto error =
          reader.read_line(std::string_view{padded}.substr(0, line.size()), 1,
                           [&inputs](const InputBody& input) { inputs.push_back(input); });
      ASSERT_TRUE(!error || inputs.empty());
      ASSERT_EQ(core.refused(inputs), 0) << line;
      if (!error) taken.push_back(id);
    }
    accounts += reader.counts().accounts;
    positions += reader.counts().positions;
  }
  EXPECT_GT(accounts, 4'000U);
  EXPECT_GT(positions, 1'000U);
}

}  // namespace
}  // namespace plimsoll::configuration
