#include "engine/cli/event_names.hpp"

namespace plimsoll::cli {

wire::EventNames event_names_of(const reference::Reference& reference) {
  wire::EventNames names;
  for (const reference::Instrument& instrument : reference.instruments) {
    names.instruments.push_back(instrument.symbol);
    names.quantity_decimals.push_back(instrument.quantity_decimals);
    names.settlement_assets.push_back(instrument.settle);
  }
  for (const reference::Asset& asset : reference.assets) {
    names.assets.push_back(asset.name);
    names.amount_decimals.push_back(asset.decimals);
  }
  names.numeraire = reference.numeraire;
  for (const reference::Index& index : reference.indices) names.indices.push_back(index.name);
  for (const reference::Source& source : reference.sources) names.sources.push_back(source.name);
  return names;
}

}  // namespace plimsoll::cli
