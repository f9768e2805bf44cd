#include "feeds/venue/importers.hpp"

#include <array>
#include <utility>

#include "feeds/venue/binance/tables.hpp"
#include "feeds/venue/bitmex/tables.hpp"
#include "feeds/venue/deribit/tables.hpp"
#include "feeds/venue/gate/tables.hpp"
#include "feeds/venue/kraken/tables.hpp"
#include "feeds/venue/okx/tables.hpp"

namespace plimsoll::feeds {
namespace {

constexpr std::array<std::pair<std::string_view, ReadTables>, 6> kImporters{
    {{"binance", binance::read_tables},
     {"bitmex", bitmex::read_tables},
     {"deribit", deribit::read_tables},
     {"gate", gate::read_tables},
     {"kraken", kraken::read_tables},
     {"okx", okx::read_tables}}};

}  // namespace

ReadTables find_importer(std::string_view venue) {
  for (const auto& [name, read] : kImporters) {
    if (name == venue) return read;
  }
  return nullptr;
}

std::string importer_names() {
  std::string names;
  for (const auto& [name, read] : kImporters) {
    names += (names.empty() ? "" : ", ") + std::string{name};
  }
  return names;
}

}  // namespace plimsoll::feeds
