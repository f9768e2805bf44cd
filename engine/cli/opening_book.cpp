#include "engine/cli/opening_book.hpp"

#include <ostream>

#include "engine/cli/exit_code.hpp"
#include "engine/configuration/accounts_reader.hpp"

namespace plimsoll::cli {

OpeningBook read_opening_book(const std::string& accounts, const reference::Reference& reference,
                              std::ostream& err) {
  OpeningBook book{{}, kOk};
  for (std::uint32_t i = 0; i < reference.assets.size(); ++i) {
    const Amount fund = reference.assets[i].insurance_fund;
    if (fund.raw() > 0) {
      book.inputs.emplace_back(FundEndowed{.asset = AssetId::from_raw(i), .amount = fund});
    }
  }
  if (accounts.empty()) return book;
  const auto result = configuration::read_accounts(
      accounts, reference, [&book](const InputBody& body) { book.inputs.push_back(body); });
  for (const auto& error : result.errors) {
    err << "plimsoll: " << configuration::to_string(error) << "\n";
  }
  if (!result.ok()) book.code = kBadInput;
  return book;
}

}  // namespace plimsoll::cli
