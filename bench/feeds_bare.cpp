#include "bench/feeds_bare.hpp"

#include <map>
#include <utility>

#include <simdjson.h>

namespace plimsoll::bench {
namespace {

namespace ondemand = simdjson::ondemand;

/// Sums the texts of fields of one object, in its order.
class Fields {
 public:
  explicit Fields(simdjson::simdjson_result<ondemand::object> object) {
    good_ = std::move(object).get(object_) == simdjson::SUCCESS;
  }
  /// A string or a number.
  Fields& take(std::string_view key) {
    std::string_view text;
    good_ = good_ && object_.find_field(key).raw_json_token().get(text) == simdjson::SUCCESS;
    if (good_) sum_ += text.size() + static_cast<unsigned char>(text[1]);
    return *this;
  }
  [[nodiscard]] auto enter(std::string_view key) { return object_.find_field(key); }
  void add(std::uint64_t sum) { sum_ += sum; }
  void fail() { good_ = false; }
  [[nodiscard]] std::uint64_t sum() const { return good_ ? sum_ : 0; }

 private:
  ondemand::object object_;
  bool good_{false};
  std::uint64_t sum_{1};
};

/// The first element of an array.
template <class Value>
simdjson::simdjson_result<ondemand::value> first_of(Value&& value) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return simdjson::INCORRECT_TYPE;
  for (auto element : array) return element;
  return simdjson::INCORRECT_TYPE;
}

}  // namespace

struct BareReader::Scratch {
  ondemand::parser parser;
  ondemand::document document;

  Fields open(std::string_view text, std::size_t padding) {
    const simdjson::padded_string_view padded(text.data(), text.size(), text.size() + padding);
    if (parser.iterate(padded).get(document) != simdjson::SUCCESS) {
      return Fields{simdjson::INCORRECT_TYPE};
    }
    return Fields{document.get_object()};
  }
};

BareReader::BareReader() : scratch_{std::make_unique<Scratch>()} {
  if (scratch_->parser.allocate(64U << 10U) != simdjson::SUCCESS) throw std::bad_alloc{};
}
BareReader::~BareReader() = default;

BareReader::Read BareReader::find(std::string_view name) {
  static const std::map<std::string_view, Read> kReads{
      {"binance-usdm bookTicker", &BareReader::binance_book},
      {"binance-usdm markPrice", &BareReader::binance_mark},
      {"binance-coinm bookTicker", &BareReader::binance_coin_book},
      {"binance-spot bookTicker", &BareReader::binance_spot_book},
      {"deribit ticker", &BareReader::deribit},
      {"bybit tickers delta", &BareReader::bybit_ticker},
      {"bybit orderbook.1", &BareReader::bybit_book},
      {"okx tickers", &BareReader::okx_ticker},
      {"okx mark-price", &BareReader::okx_mark},
      {"coinbase ticker", &BareReader::coinbase},
      {"kraken-futures ticker", &BareReader::kraken},
      {"bitmex quote", &BareReader::bitmex},
      {"dydx v3_trades", &BareReader::dydx},
      {"bitcom ticker", &BareReader::bitcom},
  };
  const auto found = kReads.find(name);
  return found == kReads.end() ? nullptr : found->second;
}

std::uint64_t BareReader::binance_book(std::string_view text, std::size_t padding) {
  Fields root = scratch_->open(text, padding);
  Fields data{root.enter("data").get_object()};
  return data.take("e").take("u").take("s").take("b").take("a").take("E").sum();
}

std::uint64_t BareReader::binance_mark(std::string_view text, std::size_t padding) {
  Fields root = scratch_->open(text, padding);
  Fields data{root.enter("data").get_object()};
  return data.take("e").take("E").take("s").take("p").take("i").sum();
}

std::uint64_t BareReader::binance_coin_book(std::string_view text, std::size_t padding) {
  Fields root = scratch_->open(text, padding);
  Fields data{root.enter("data").get_object()};
  return data.take("u").take("e").take("s").take("b").take("a").take("E").sum();
}

std::uint64_t BareReader::binance_spot_book(std::string_view text, std::size_t padding) {
  Fields root = scratch_->open(text, padding);
  Fields data{root.enter("data").get_object()};
  return data.take("u").take("s").take("b").take("a").sum();
}

std::uint64_t BareReader::deribit(std::string_view text, std::size_t padding) {
  Fields root = scratch_->open(text, padding);
  Fields params{root.enter("params").get_object()};
  params.take("channel");
  Fields data{params.enter("data").get_object()};
  data.take("timestamp").take("index_price").take("instrument_name").take("mark_price");
  return params.sum() * data.take("best_bid_price").take("best_ask_price").sum();
}

std::uint64_t BareReader::bybit_ticker(std::string_view text, std::size_t padding) {
  Fields root = scratch_->open(text, padding);
  root.take("topic").take("type");
  Fields data{root.enter("data").get_object()};
  data.take("symbol").take("markPrice").take("indexPrice").take("bid1Price").take("ask1Price");
  const std::uint64_t sum = data.sum();
  return sum * root.take("cs").take("ts").sum();
}

std::uint64_t BareReader::bybit_book(std::string_view text, std::size_t padding) {
  Fields root = scratch_->open(text, padding);
  root.take("topic").take("type").take("ts");
  Fields data{root.enter("data").get_object()};
  data.take("s");
  for (const char* side : {"b", "a"}) {
    ondemand::array levels;
    if (data.enter(side).get_array().get(levels) != simdjson::SUCCESS) data.fail();
    for (auto level : levels) {
      ondemand::array pair;
      if (level.get_array().get(pair) != simdjson::SUCCESS) data.fail();
      for (auto item : pair) {
        std::string_view token;
        if (item.raw_json_token().get(token) != simdjson::SUCCESS) data.fail();
        data.add(token.size());
      }
    }
  }
  return root.sum() * data.take("u").take("seq").sum();
}

std::uint64_t BareReader::okx_ticker(std::string_view text, std::size_t padding) {
  Fields root = scratch_->open(text, padding);
  Fields arg{root.enter("arg").get_object()};
  const std::uint64_t sum = arg.take("channel").sum();
  Fields row{first_of(root.enter("data")).get_object()};
  return sum * row.take("instId").take("askPx").take("bidPx").take("ts").sum();
}

std::uint64_t BareReader::okx_mark(std::string_view text, std::size_t padding) {
  Fields root = scratch_->open(text, padding);
  Fields arg{root.enter("arg").get_object()};
  const std::uint64_t sum = arg.take("channel").sum();
  Fields row{first_of(root.enter("data")).get_object()};
  return sum * row.take("instId").take("markPx").take("ts").sum();
}

std::uint64_t BareReader::coinbase(std::string_view text, std::size_t padding) {
  Fields root = scratch_->open(text, padding);
  root.take("type").take("sequence").take("product_id").take("price");
  return root.take("best_bid").take("best_ask").take("time").sum();
}

std::uint64_t BareReader::kraken(std::string_view text, std::size_t padding) {
  Fields root = scratch_->open(text, padding);
  root.take("time").take("product_id").take("feed").take("bid").take("ask");
  return root.take("index").take("markPrice").sum();
}

std::uint64_t BareReader::bitmex(std::string_view text, std::size_t padding) {
  Fields root = scratch_->open(text, padding);
  root.take("table").take("action");
  Fields row{first_of(root.enter("data")).get_object()};
  row.take("timestamp").take("symbol").take("bidPrice").take("askPrice");
  return root.sum() * row.sum();
}

std::uint64_t BareReader::dydx(std::string_view text, std::size_t padding) {
  Fields root = scratch_->open(text, padding);
  root.take("type").take("id").take("channel");
  Fields contents{root.enter("contents").get_object()};
  Fields row{first_of(contents.enter("trades")).get_object()};
  return root.sum() * row.take("price").take("createdAt").sum();
}

std::uint64_t BareReader::bitcom(std::string_view text, std::size_t padding) {
  Fields root = scratch_->open(text, padding);
  root.take("channel");
  Fields data{root.enter("data").get_object()};
  data.take("time").take("instrument_id").take("best_bid").take("best_ask").take("mark_price");
  return root.sum() * data.sum();
}

}  // namespace plimsoll::bench
