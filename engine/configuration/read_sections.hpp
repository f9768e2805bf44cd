#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "engine/configuration/configuration.hpp"
#include "engine/configuration/toml_files.hpp"
#include "engine/configuration/toml_section.hpp"

// The sections of the configuration, one function each. `roots` are the root tables of all files in
// the order of reading, the last one that of the file itself. Lists have an element for each one of
// the files, also where it could not be read. Private to this folder; one thread.

namespace plimsoll::configuration {

using Roots = std::vector<Section>;
using ReferencePrices = std::vector<std::optional<Price>>;

/// What a table is where a list could stand.
enum class Table : std::uint8_t {
  refused,
  passed_over,  // something else of the same name, as [index] of a portfolio
};

/// Reads [engine], [[asset]], [[guard]], [[index]], [[instrument]], [[profile]] and [breaker].
/// Derived fields are left to finish_reference().
void read_reference(Roots& roots, Table of_index, reference::Reference& reference,
                    ReferencePrices& prices);

// Its parts. The numeraire is known before the profiles are read, guards and indices before the
// instruments.
void read_price_rules(Roots& roots, Table of_index, reference::Reference& reference);
void read_breaker(Roots& roots, reference::Breaker& breaker);
void read_instruments(Roots& roots, reference::Reference& reference, ReferencePrices& prices);
void read_profiles(Roots& roots, reference::Reference& reference);
/// The keys that say how an instrument is marked and settled.
void read_mark(Section& section, const reference::Reference& reference,
               reference::Instrument& instrument);
/// The tables of tiers of one instrument, which is the next one of `reference`. `amount_decimals`:
/// nothing when they are not known.
void read_tiers(Section& section, std::optional<int> amount_decimals, bool quantity_scaled,
                reference::Instrument& instrument, reference::Reference& reference);

/// Reads [limits] and [exchange], which only the file itself may hold.
void read_service(Roots& roots, reference::Reference& reference);
/// For one who needs neither: what is there is passed over, and finish_reference() is content.
void pass_over_service(Roots& roots, reference::Reference& reference);

/// Reads [gateway], which only the file itself may hold.
void read_gateway(Roots& roots, GatewaySettings& gateway);

/// Reads [service], [[feed]] and [matching], which only the file itself may hold.
void read_running(Roots& roots, ServiceSettings& service);
void read_live_feeds(Roots& roots, std::vector<LiveFeedSettings>& feeds);
void read_matching(Roots& roots, std::optional<MatchingSettings>& matching);

/// Reads each [[operator]], which only the file itself may hold: `file`.
void read_operators(Roots& roots, const std::string& file, Keys keys,
                    std::vector<Operator>& operators);

/// Reports sections that only the file itself may hold.
void refuse_in_included(Roots& roots, std::initializer_list<std::string_view> keys);
/// Reports unknown keys of all files.
void refuse_unknown(Roots& roots);

/// Computes the derived fields, and reports each rule that is broken at the line and with the value
/// of its field; where the field is not there, at the line of the nearest thing around it. What
/// only follows from a mistake already reported is not.
void finish_reference(const std::vector<TomlFile>& files, reference::Reference& reference,
                      Report& report);

// Help for the functions above.

/// The elements of a list of all files, numbered through.
[[nodiscard]] std::vector<Section> read_list(Roots& roots, std::string_view key, Need need,
                                             Table table = Table::refused);
/// 1 to 32 printable characters: names go into URLs, JSON and log lines as they are.
void read_name(Section& section, std::string_view key, std::string& into);
/// Reads the name of an asset. Returns false when it is not known; a mistake in the assets is then
/// the one to mend first.
bool read_asset(Section& section, std::string_view key, Need need,
                const reference::Reference& reference, AssetId& asset);
/// The decimals of its amounts, or nothing when they are not known.
[[nodiscard]] std::optional<int> decimals_of(const Section& section,
                                             const reference::Reference& reference, AssetId asset);

}  // namespace plimsoll::configuration
