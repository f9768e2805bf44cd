#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "engine/value/decimal.hpp"
#include "tests/feeds/messages.hpp"

// What holds for every message: found by random order, random cuts and random bytes.

namespace plimsoll::feeds::testing {
namespace {

std::string quoted(const char* key, std::int64_t raw) {
  return std::string{"\""} + key + "\":\"" + format_decimal(raw, kPriceDecimals) + "\"";
}

/// Fields of a random kind with random valid prices.
rc::Gen<std::vector<std::string>> any_fields() {
  return rc::gen::exec([] {
    const auto bid = *rc::gen::inRange<std::int64_t>(1, 99'999 * kUnit);
    const auto ask = *rc::gen::inRange<std::int64_t>(bid + 1, 100'000 * kUnit);
    const std::vector<std::vector<std::string>> kinds{mark_fields(), book_fields(), trade_fields(),
                                                      aggregate_trade_fields()};
    auto fields = kinds[*rc::gen::inRange<std::size_t>(0, kinds.size())];
    const bool book = fields.front() == R"("e":"bookTicker")";
    for (std::string& field : fields) {
      if (field.starts_with("\"p\":")) field = quoted("p", bid);
      if (book && field.starts_with("\"b\":")) field = quoted("b", bid);
      if (book && field.starts_with("\"a\":")) field = quoted("a", ask);
    }
    return fields;
  });
}

std::string shuffled(std::vector<std::string> fields) {
  for (std::size_t i = fields.size(); i > 1; --i) {
    std::swap(fields[i - 1], fields[*rc::gen::inRange<std::size_t>(0, i)]);
  }
  return join(fields);
}

template <class Body>
void expect_same(const Body& a, const Body& b) {
  for_each_field(a, [&, at = 0](const char* name, const auto& value) mutable {
    int other_at = 0;
    for_each_field(b, [&](const char*, const auto& other) {
      if constexpr (std::is_same_v<decltype(value), decltype(other)>) {
        if (other_at == at) RC_ASSERT(value == other);
      }
      ++other_at;
    });
    (void)name;
    ++at;
  });
}

void expect_same(const Parsed& a, const Parsed& b) {
  RC_ASSERT(a.reject == b.reject);
  RC_ASSERT(a.body.index() == b.body.index());
  if (!a.ok()) return;
  std::visit([&]<class Body>(const Body& body) { expect_same(body, std::get<Body>(b.body)); },
             a.body);
}

void expect_sane(const Parsed& parsed) {
  if (!parsed.ok()) return;
  const auto in_range = [](Price price) {
    return price.raw() > 0 && price.raw() <= 1'000'000 * kUnit;
  };
  if (const auto* book = std::get_if<BookQuoted>(&parsed.body)) {
    RC_ASSERT(in_range(book->bid) && in_range(book->ask) && book->bid < book->ask);
  } else if (const auto* mark = std::get_if<MarkPublished>(&parsed.body)) {
    RC_ASSERT(in_range(mark->mark) && mark->index.raw() >= 0);
  } else {
    RC_ASSERT(in_range(std::get<TradePrinted>(parsed.body).price));
  }
}

TEST(BinanceProperty, OrderOfFieldsAndEnvelopeDoNotMatter) {
  Parser parser{two_instruments()};
  EXPECT_TRUE(rc::check([&] {
    const auto fields = *any_fields();
    const Parsed plain = parse(parser, join(fields));
    RC_ASSERT(plain.ok());
    const std::string other = shuffled(fields);
    expect_same(plain, parse(parser, other));
    expect_same(plain, parse(parser, in_envelope(other)));
    expect_same(plain, parse(parser, " {\t\"data\" :\r\n" + other + " , \"stream\": \"x\" } "));
  }));
}

TEST(BinanceProperty, NoPrefixOfAMessageGivesAnInput) {
  Parser parser{two_instruments()};
  EXPECT_TRUE(rc::check([&] {
    std::string json = shuffled(*any_fields());
    if (*rc::gen::arbitrary<bool>()) json = in_envelope(json);
    for (std::size_t cut = 0; cut < json.size(); ++cut) {
      RC_ASSERT(!parse(parser, json.substr(0, cut)).ok());
    }
    RC_ASSERT(parse(parser, json).ok());
  }));
}

TEST(BinanceProperty, FlippedBytesGiveAReasonOrASaneInput) {
  Parser parser{two_instruments()};
  EXPECT_TRUE(rc::check([&] {
    const std::string json = in_envelope(shuffled(*any_fields()));
    for (int round = 0; round < 100; ++round) {
      std::string damaged = json;
      const auto flips = *rc::gen::inRange(1, 8);
      for (int i = 0; i < flips; ++i) {
        damaged[*rc::gen::inRange<std::size_t>(0, damaged.size())] = *rc::gen::arbitrary<char>();
      }
      expect_sane(parse(parser, damaged));
    }
  }));
}

TEST(BinanceProperty, StructureCharactersInAnyOrderNeverCrash) {
  Parser parser{two_instruments()};
  EXPECT_TRUE(rc::check([&] {
    const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
        "{", "}", "[", "]", ",", ":", "\"", "\\", " ", "\"e\"", "\"trade\"", "\"s\"", "\"BTCUSDT\"",
        "\"p\"", "\"1.5\"", "\"data\"", "null", "1", "-", "tru", "\x80", "\n"));
    std::string json;
    for (const std::string& piece : pieces) json += piece;
    expect_sane(parse(parser, json));
    expect_sane(parse(parser, "{\"data\":{\"e\":\"trade\"," + json + "}}"));
  }));
}

TEST(BinanceProperty, AnyBytesNeverCrash) {
  Parser parser{two_instruments()};
  EXPECT_TRUE(rc::check([&](const std::string& bytes) {
    RC_ASSERT(!parse(parser, bytes).ok());
    expect_sane(parse(parser, "{" + bytes + "}"));
  }));
}

}  // namespace
}  // namespace plimsoll::feeds::testing
