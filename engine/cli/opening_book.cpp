#include "engine/cli/opening_book.hpp"

#include <ostream>

#include "engine/cli/exit_code.hpp"
#include "engine/cli/outputs.hpp"
#include "engine/configuration/accounts_reader.hpp"

namespace plimsoll::cli {
namespace {

int fail(std::ostream& err, int code, const std::string& line) {
  err << "plimsoll: " << line << "\n";
  return code;
}

int read_packed(const std::string& path, const reference::Reference& reference, OpeningBook& book,
                std::ostream& err) {
  book.packed = std::make_unique<log::PackedBook>(path);
  if (!book.packed->error().empty()) return fail(err, kBadInput, book.packed->error());
  if (book.packed->reference_hash() != reference::hash_of(reference)) {
    return fail(err, kBadInput, path + ": was packed with another configuration: pack it again");
  }
  return kOk;
}

int read_accounts(const std::string& path, const reference::Reference& reference,
                  const configuration::InputSink& sink, std::ostream& err) {
  const auto result = configuration::read_accounts(path, reference, sink);
  for (const auto& error : result.errors) fail(err, kBadInput, configuration::to_string(error));
  return result.ok() ? kOk : kBadInput;
}

}  // namespace

void OpeningBook::unpack() {
  if (!packed) return;
  packed->openings().for_each_input([this](const InputBody& body) { inputs.push_back(body); });
  inputs.insert(inputs.end(), packed->rest().begin(), packed->rest().end());
  packed.reset();
}

OpeningBook read_opening_book(const std::string& accounts, const reference::Reference& reference,
                              std::ostream& err) {
  OpeningBook book;
  for (std::uint32_t i = 0; i < reference.assets.size(); ++i) {
    const Amount fund = reference.assets[i].insurance_fund;
    if (fund.raw() > 0) {
      book.inputs.emplace_back(FundEndowed{.asset = AssetId::from_raw(i), .amount = fund});
    }
  }
  if (accounts.empty()) return book;
  book.code = log::PackedBook::is_packed(accounts)
                  ? read_packed(accounts, reference, book, err)
                  : read_accounts(
                        accounts, reference,
                        [&book](const InputBody& body) { book.inputs.push_back(body); }, err);
  return book;
}

int refuse_packed(const std::string& accounts, std::ostream& err) {
  if (!log::PackedBook::is_packed(accounts)) return kOk;
  return fail(err, kBadInput,
              accounts + ": is packed, for replay and serve; here its source is needed");
}

std::string refused_text(const std::string& file, const OpeningFault& fault) {
  return file + ": account " + std::to_string(fault.account.raw()) +
         " is refused: " + std::string{to_string(fault.refusal)};
}

int run_pack(const PackOptions& options, std::ostream& out, std::ostream& err) {
  const auto loaded = configuration::load_configuration(options.config);
  for (const auto& error : loaded.errors) fail(err, kBadInput, configuration::to_string(error));
  if (!loaded.ok()) return kBadInput;
  for (const std::string& input : {options.config, options.accounts}) {
    const std::string wrong = overwriting(options.output, input);
    if (!wrong.empty()) return fail(err, kUsage, wrong);
  }
  if (const int code = refuse_packed(options.accounts, err); code != kOk) return code;
  const reference::Reference& reference = loaded.configuration->reference;
  log::BookPacker packer;
  const int code = read_accounts(
      options.accounts, reference, [&packer](const InputBody& body) { packer.add(body); }, err);
  if (code != kOk) return code;
  if (const std::string error = packer.write(options.output, reference::hash_of(reference));
      !error.empty()) {
    return fail(err, kFailed, error);
  }
  out << packer.packed() << " accounts packed, " << packer.told() << " told by their inputs\n";
  return out.flush() ? kOk : fail(err, kFailed, "standard output: write failed");
}

}  // namespace plimsoll::cli
