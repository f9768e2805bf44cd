#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/support/client.hpp"
#include "tests/support/history.hpp"
#include "tests/support/invalid_inputs.hpp"
#include "tests/support/market_path.hpp"
#include "tests/support/random.hpp"

// How a random history comes about; only for history*.cpp, one file for each part of it.

namespace plimsoll::support {

class HistoryMaker {
 public:
  HistoryMaker(const reference::Reference& reference, std::uint64_t seed,
               const HistoryOptions& options);
  std::vector<Input> make();

 private:
  // --- history.cpp: time, and who does what next
  std::int64_t gap();
  void push(const InputBody& body);
  void act();
  void act_plainly(std::int64_t kind);
  void act_widely(std::int64_t kind);
  InputBody invalid();
  /// Often the one of before, in a hurry: that meets its own orders in flight.
  Client& some_client();
  /// A client in multi-asset mode, or null.
  Client* some_multi_asset_client();

  // --- history_accounts.cpp: accounts, money and modes
  [[nodiscard]] AccountId next_account() const;
  ExternalId next_transfer() { return ExternalId::from_raw(++transfers_); }
  void open();
  void choose_margin(Client& client);
  void become_sub_account(Client& client, const Client& parent);
  void deposit(Client& client, AssetId asset, Int128 amount);
  /// An amount of the margin asset; in multi-asset mode in one to three assets of that worth.
  void give(Client& client, Int128 amount);
  std::optional<AssetId> some_asset(const Client& client);
  void feed_parent(const Client& client, Int128 amount);
  void top_up(Client& client);
  std::int64_t brink(const Client& client, AssetId asset);
  void withdraw(Client& client);
  void move(Client& client);
  void import_balance(Client& client);
  [[nodiscard]] bool may_have_mode(const Client& client, const AccountModeRequested& wanted) const;
  void request_mode(Client& client);
  void request_leverage(Client& client);

  // --- history_trades.cpp: positions
  std::optional<std::uint32_t> some_instrument(const Client& client);
  [[nodiscard]] static LineKey line_of(const Client& client, std::uint32_t id,
                                       std::int64_t quantity);
  std::optional<LineKey> some_line(const Client& client);
  void fill(Client& client, const LineKey& line, std::int64_t quantity, std::int64_t price,
            std::int64_t fee, ExternalId order = {});
  void fill_at_market(Client& client, const LineKey& line, std::int64_t quantity);
  void start_anew(Client& client);
  void open_at_threshold();
  void open_twins();
  void open_beside(Client& client, Int128 dollars);
  void trade(Client& client);
  void trade_elsewhere(Client& client);
  void trade_spot(Client& client);
  [[nodiscard]] Int128 needed(const Client& client, std::uint32_t id, std::int64_t quantity) const;
  std::int64_t level();
  Int128 some_threshold(const Client& client, Int128 maintenance);
  std::int64_t signed_lots(std::uint32_t id, std::int64_t lots);
  std::int64_t first_quantity(const Client& client, std::uint32_t id);
  std::int64_t part(std::int64_t lots, std::int64_t percent);

  // --- history_orders.cpp
  void act_on_orders(Client& client);
  void request_order(Client& client);
  void fill_order(Client& client);
  void close_order(Client& client);
  std::int64_t some_limit(std::uint32_t id);

  // --- history_venue.cpp: what others do
  void endow(std::uint32_t asset);
  void settle_funding();
  void estimate_funding();
  void publish_open_interest();
  void change_instrument();
  void settle_instruments();
  void charge_interest();
  void answer();

  // --- history_prices.cpp: trusted prices
  void push_tick();
  [[nodiscard]] std::optional<std::uint32_t> index_of(AssetId asset) const;
  EventTime stamp(GuardId id);
  void quote_index(std::uint32_t id);
  void quote_source(SourceId id, std::int64_t truth);
  ExternalId next_number(OperatorId by);
  void act_on_prices();
  void pause_or_resume(OperatorId by);
  EventTime some_end();
  std::int64_t near(std::int64_t price);
  void override_mark(InstrumentId id, OperatorId by);
  void override_index(SourceId source, OperatorId by);
  /// Any instrument that has positions, or one that has none of its own.
  std::uint32_t some_contract();

  const reference::Reference& reference_;
  const HistoryOptions& options_;
  Random random_;
  MarketPath market_;
  std::vector<Listing> listings_;
  ClientMath math_;
  std::vector<Client> clients_;
  std::vector<Input> inputs_;
  std::map<std::uint32_t, std::int64_t> settlement_prices_;
  bool trusts_;                                     // is anything said of trusted prices?
  bool jumps_;                                      // will the clock jump yet?
  std::map<std::uint32_t, std::int64_t> lies_;      // of sources, parts per million
  std::map<std::uint32_t, std::uint64_t> numbers_;  // the last of each source
  std::map<std::uint32_t, std::uint64_t> operator_numbers_;
  std::int64_t now_;
  std::size_t last_{0};  // index of the client that acted last
  bool hurried_{false};  // the next input follows at once
  std::uint64_t fills_{0};
  std::uint64_t transfers_{0};
  std::uint64_t orders_{0};
};

/// At least 1, and no more than any limit allows.
[[nodiscard]] std::int64_t clamp_amount(Int128 amount);

}  // namespace plimsoll::support
