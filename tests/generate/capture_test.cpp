#include "engine/generate/capture.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <string>

#include "engine/value/decimal.hpp"
#include "tests/generate/demo.hpp"

namespace plimsoll::generate {
namespace {

CaptureSettings settings(std::uint64_t seed, std::uint64_t seconds, std::uint64_t rate) {
  CaptureSettings chosen;
  chosen.seed = seed;
  chosen.seconds = seconds;
  chosen.rate = rate;
  chosen.prices = demo().reference_prices;
  return chosen;
}

std::vector<std::string> capture(const CaptureSettings& chosen) {
  std::vector<std::string> lines;
  const auto errors = generate_capture(demo().reference, chosen,
                                       [&](std::string_view line) { lines.emplace_back(line); });
  for (const SettingError& error : errors) ADD_FAILURE() << error.field << ": " << error.reason;
  return lines;
}

/// The text of a field of the message, without quotes.
std::string field(const std::string& line, const std::string& key) {
  const std::string mark = "\"" + key + "\":";
  std::size_t begin = line.find(mark, line.find("\"data\""));
  if (begin == std::string::npos) return {};
  begin += mark.size();
  const std::size_t end = line.find_first_of(",}", begin);
  const std::string text = line.substr(begin, end - begin);
  return text.front() == '"' ? text.substr(1, text.size() - 2) : text;
}

std::int64_t number(const std::string& line, const std::string& key) {
  return std::stoll(field(line, key));
}
std::int64_t price(const std::string& line, const std::string& key) {
  const DecimalResult result = parse_decimal(field(line, key), kPriceDecimals);
  EXPECT_TRUE(result.ok()) << line;
  return result.raw;
}

/// The line with every run of digits as one 0.
std::string shape(const std::string& line) {
  std::string shape;
  for (const char c : line) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit || shape.empty() || shape.back() != '0') shape += digit ? '0' : c;
  }
  return shape;
}

/// The shape of a line as a recorder of the venue writes it.
std::string venue_shape(const std::string& kind, const reference::Instrument& instrument,
                        bool buyer_is_maker) {
  const std::string size = instrument.quantity_decimals == 0 ? "\"0\"" : "\"0.0\"";
  const std::string symbol = "\"s\":\"" + instrument.symbol + "\",";
  std::string stream = instrument.symbol;
  for (char& c : stream) c = static_cast<char>(std::tolower(c));
  const auto line = [&](const char* channel, const std::string& fields) {
    return "0 {\"stream\":\"" + stream + channel + R"(","data":{"e":")" + kind + "\"," + fields +
           "}}\n";
  };
  if (kind == "bookTicker") {
    return line("@bookTicker", "\"u\":0," + symbol + R"("b":"0.0","B":)" + size +
                                   R"(,"a":"0.0","A":)" + size + R"(,"T":0,"E":0)");
  }
  if (kind == "trade") {
    return line("@trade", R"("E":0,"T":0,)" + symbol + R"("t":0,"p":"0.0","q":)" + size +
                              R"(,"X":"MARKET","m":)" + (buyer_is_maker ? "true" : "false"));
  }
  return line("@markPrice@0s",
              "\"E\":0," + symbol + R"("p":"0.0","i":"0.0","P":"0.0","r":"0.0","T":0)");
}

TEST(Capture, LinesAreWhatTheVenueSends) {
  CaptureSettings chosen = settings(1, 10, 200);
  chosen.mark_prices = true;
  std::map<std::string, std::size_t> kinds;
  for (const std::string& line : capture(chosen)) {
    const std::string kind = field(line, "e");
    ++kinds[kind];
    const int index = reference::find_instrument(demo().reference, field(line, "s"));
    ASSERT_GE(index, 0) << line;
    ASSERT_EQ(shape(line),
              venue_shape(kind, demo().reference.instruments[static_cast<std::size_t>(index)],
                          field(line, "m") == "true"));
  }
  EXPECT_EQ(kinds.size(), 3U);
  EXPECT_EQ(kinds["bookTicker"] + kinds["trade"], 2'000U);
  EXPECT_EQ(kinds["markPriceUpdate"], 50U);
  EXPECT_NEAR(static_cast<double>(kinds["trade"]), 500, 75);
}

TEST(Capture, StampsAndNumbersNeverFall) {
  CaptureSettings chosen = settings(2, 60, 500);
  chosen.mark_prices = true;
  std::int64_t received = chosen.start.raw();
  std::int64_t event = 0;
  std::int64_t update = 0;
  std::map<std::string, std::int64_t> trade_ids;
  for (const std::string& line : capture(chosen)) {
    const std::int64_t stamp = std::stoll(line);
    ASSERT_GE(stamp, received);
    ASSERT_LT(stamp, chosen.start.raw() + 60'000'000'000);
    received = stamp;
    ASSERT_GE(number(line, "E"), event);
    event = number(line, "E");
    ASSERT_LT(event * 1'000'000, stamp);
    const std::string kind = field(line, "e");
    if (kind != "markPriceUpdate") {
      ASSERT_LE(number(line, "T"), event);
    }
    if (kind == "bookTicker") {
      ASSERT_GT(number(line, "u"), update);
      update = number(line, "u");
    }
    if (kind == "trade") {
      std::int64_t& before = trade_ids[field(line, "s")];
      ASSERT_TRUE(before == 0 || number(line, "t") == before + 1);
      before = number(line, "t");
    }
  }
  EXPECT_GT(received, chosen.start.raw() + 59'000'000'000);
}

TEST(Capture, QuotesAreOnTickWithABidBelowTheAsk) {
  const auto& reference = demo().reference;
  for (const std::string& line : capture(settings(3, 20, 500))) {
    const int index = reference::find_instrument(reference, field(line, "s"));
    ASSERT_GE(index, 0);
    const auto& instrument = reference.instruments[static_cast<std::size_t>(index)];
    const bool quote = field(line, "e") == "bookTicker";
    for (const char* key : {"b", "a", "p"}) {
      if (field(line, key).empty()) continue;
      ASSERT_EQ(price(line, key) % instrument.tick.raw(), 0) << line;
      ASSERT_GT(price(line, key), 0);
    }
    for (const char* key : {"B", "A", "q"}) {
      if (field(line, key).empty()) continue;
      const DecimalResult size = parse_decimal(field(line, key), instrument.quantity_decimals);
      ASSERT_TRUE(size.ok() && size.raw > 0 && size.raw % instrument.lot.raw() == 0) << line;
    }
    if (quote) {
      ASSERT_LT(price(line, "b"), price(line, "a")) << line;
    }
  }
}

TEST(Capture, BeginsWithAQuoteOfEveryInstrumentAtItsPrice) {
  const std::vector<std::string> lines = capture(settings(4, 5, 100));
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(field(lines[i], "e"), "bookTicker");
    EXPECT_EQ(field(lines[i], "s"), demo().reference.instruments[i].symbol);
    const std::int64_t start = demo().reference_prices[i]->raw();
    EXPECT_NEAR(static_cast<double>(price(lines[i], "b")), static_cast<double>(start),
                static_cast<double>(start) / 500);
  }
}

/// The lowest and the last bid of each instrument, in thousandths of its first.
struct Course {
  std::map<std::string, std::int64_t> lowest;
  std::map<std::string, std::int64_t> last;
};

Course course(const CaptureSettings& chosen) {
  Course result;
  std::map<std::string, std::int64_t> first;
  for (const std::string& line : capture(chosen)) {
    if (field(line, "e") != "bookTicker") continue;
    const std::string symbol = field(line, "s");
    const std::int64_t bid = price(line, "b");
    first.emplace(symbol, bid);
    const std::int64_t level = narrow(Int128{bid} * 1'000 / first[symbol]);
    const auto lowest = result.lowest.emplace(symbol, level).first;
    lowest->second = std::min(lowest->second, level);
    result.last[symbol] = level;
  }
  return result;
}

TEST(Capture, ReachesTheDropWithEveryInstrumentByItsBetaAndRecoversSome) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    const Course found = course(settings(seed, 60, 500));
    const char* symbols[] = {"BTCUSDT", "ETHUSDT", "SOLUSDT", "AVAXUSDT", "DOGEUSDT"};
    for (std::size_t i = 0; i < 5; ++i) {
      const double expected = 1'000 - 300 * (1 + 0.1 * static_cast<double>(i));
      const auto lowest = static_cast<double>(found.lowest.at(symbols[i]));
      EXPECT_NEAR(lowest, expected, 12) << symbols[i] << " seed " << seed;
      EXPECT_GT(found.last.at(symbols[i]), found.lowest.at(symbols[i])) << symbols[i];
    }
  }
}

TEST(Capture, IsQuietBeforeTheCrashAndWithoutOne) {
  CaptureSettings chosen = settings(5, 20, 500);
  chosen.crash.drop = 0;
  for (const auto& [symbol, level] : course(chosen).lowest) EXPECT_GT(level, 995) << symbol;
}

TEST(Capture, BetasAreWhatIsAskedFor) {
  CaptureSettings chosen = settings(6, 30, 500);
  chosen.crash.drop = 500'000;
  chosen.betas = {1'000'000, 0, 500'000, 3'000'000, 1'000'000};
  Course found = course(chosen);
  EXPECT_NEAR(static_cast<double>(found.lowest["BTCUSDT"]), 500, 12);
  EXPECT_GT(found.lowest["ETHUSDT"], 985);
  EXPECT_NEAR(static_cast<double>(found.lowest["SOLUSDT"]), 750, 12);
  EXPECT_NEAR(static_cast<double>(found.lowest["AVAXUSDT"]), 50, 12);  // Never below 5 %.
}

TEST(Capture, TheCrashIsThreeTimesAsBusy) {
  const std::vector<std::string> lines = capture(settings(7, 100, 100));
  EXPECT_EQ(lines.size(), 10'000U);
  std::array<std::size_t, 100> seconds{};
  for (const std::string& line : lines) {
    const auto second = (std::stoll(line) - 1'760'000'000'000'000'000) / 1'000'000'000;
    ++seconds.at(static_cast<std::size_t>(second));
  }
  EXPECT_NEAR(static_cast<double>(seconds[10]), 53, 3);
  EXPECT_NEAR(static_cast<double>(seconds[50]), 158, 3);
  EXPECT_NEAR(static_cast<double>(seconds[90]), 53, 3);
}

TEST(Capture, SameSeedSameBytesWithEveryCompiler) {
  CaptureSettings chosen = settings(42, 20, 300);
  chosen.mark_prices = true;
  ByteHash hash;
  for (const std::string& line : capture(chosen)) hash.add(line);
  EXPECT_EQ(hash.value(), 13575792629021913829ULL);
}

TEST(Capture, EveryShapeWithinBoundsGivesACapture) {
  Random random{9};
  for (int round = 0; round < 60; ++round) {
    CaptureSettings chosen = settings(random.next(), 1 + random.below(5), 1 + random.below(300));
    chosen.crash.drop = random.below(800'001);
    chosen.crash.start = random.below(990'001);
    chosen.crash.end = chosen.crash.start + 10'000 + random.below(990'001 - chosen.crash.start);
    chosen.crash.legs = 1 + random.below(20);
    chosen.mark_prices = random.chance(kMillion / 2);
    EXPECT_GE(capture(chosen).size(), chosen.seconds * chosen.rate);
  }
}

TEST(Capture, WrongSettingsAreNamedAndGiveNothing) {
  const auto errors_of = [](auto change) {
    CaptureSettings chosen = settings(1, 1, 1);
    change(chosen);
    std::string fields;
    for (const SettingError& error : generate_capture(
             demo().reference, chosen, [](std::string_view) { ADD_FAILURE() << "a line"; })) {
      EXPECT_FALSE(error.reason.empty());
      fields += error.field + " ";
    }
    return fields;
  };
  EXPECT_EQ(errors_of([](auto& s) { s.seconds = 0; }), "seconds ");
  EXPECT_EQ(errors_of([](auto& s) { s.rate = 1'000'001; }), "rate ");
  EXPECT_EQ(errors_of([](auto& s) { s.start = EventTime::from_raw(0); }), "start ");
  EXPECT_EQ(errors_of([](auto& s) { s.crash.drop = 800'001; }), "crash.drop ");
  EXPECT_EQ(errors_of([](auto& s) { s.crash.start = s.crash.end; }), "crash.start ");
  EXPECT_EQ(errors_of([](auto& s) { s.crash.end = 1'000'001; }), "crash.end ");
  EXPECT_EQ(errors_of([](auto& s) { s.crash.legs = 0; }), "crash.legs ");
  EXPECT_EQ(errors_of([](auto& s) { s.prices.clear(); }), "prices ");
  EXPECT_EQ(errors_of([](auto& s) { s.prices[0] = Price::from_raw(900'000'000); }), "prices[0] ");
  EXPECT_EQ(errors_of([](auto& s) { s.betas = {1}; }), "betas ");
  EXPECT_EQ(errors_of([](auto& s) { s.betas.assign(5, 3'000'001); }),
            "betas[0] betas[1] betas[2] betas[3] betas[4] ");
}

}  // namespace
}  // namespace plimsoll::generate
