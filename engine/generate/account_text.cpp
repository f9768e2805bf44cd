#include "engine/generate/accounts.hpp"
#include "engine/value/decimal.hpp"

namespace plimsoll::generate {

void append_line(std::string& out, const BookAccount& account,
                 const reference::Reference& reference) {
  const reference::Asset& asset = reference.assets[account.asset.raw()];
  out += R"({"account":)" + std::to_string(account.account.raw());
  out += R"(,"owner":)" + std::to_string(account.owner.raw());
  if (account.parent.raw() != 0) out += R"(,"parent":)" + std::to_string(account.parent.raw());
  out += R"(,"profile":")" + reference.profiles[account.profile.raw()].name;
  out += R"(","asset":")" + asset.name;
  out += R"(","balance":")" + format_decimal(account.balance.raw(), asset.decimals);
  out += R"(","positions":[)";
  for (std::size_t i = 0; i < account.position_count; ++i) {
    const BookPosition& position = account.positions[i];
    const reference::Instrument& instrument = reference.instruments[position.instrument.raw()];
    out += i == 0 ? R"({"instrument":")" : R"(,{"instrument":")";
    out += instrument.symbol;
    out +=
        R"(","quantity":")" + format_decimal(position.quantity.raw(), instrument.quantity_decimals);
    out += R"(","entry_price":")" + format_decimal(position.entry_price.raw(), kPriceDecimals);
    out += "\"}";
  }
  out += "]}\n";
}

void give_inputs(const BookAccount& account, const std::function<void(const InputBody&)>& sink) {
  const AccountId id = account.account;
  sink(AccountOpened{id, account.owner, account.parent, account.profile, account.asset});
  sink(Deposited{id, account.balance, ExternalId::from_raw(id.raw()), account.asset});
  for (std::size_t i = 0; i < account.position_count; ++i) {
    const BookPosition& position = account.positions[i];
    sink(TradeFilled{id, position.instrument, position.quantity, position.entry_price, Amount{},
                     ExternalId::from_raw(account.first_fill.raw() + i)});
  }
}

}  // namespace plimsoll::generate
