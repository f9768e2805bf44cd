#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/message/event.hpp"
#include "engine/wire/account_state.hpp"

// Events, and what they say of accounts, as text: one line for people, or one JSON object. Written
// over fields(), so that nothing that an event says is left out. For any thread; allocates; not for
// the hot path.

namespace plimsoll::wire {

/// What a line for people needs beyond the event. Whatever is empty or too short, as for a client
/// that has no reference data, is printed as the raw integer.
struct EventNames {
  std::vector<std::string> instruments;    // symbol, by InstrumentId
  std::vector<int> quantity_decimals;      // by InstrumentId
  std::vector<AssetId> settlement_assets;  // by InstrumentId
  std::vector<std::string> assets;         // name, by AssetId
  std::vector<int> amount_decimals;        // by AssetId
  AssetId numeraire{kNoAsset};             // what accounts in multi-asset mode are margined in
  std::vector<std::string> indices{};      // name, by IndexId
  std::vector<std::string> sources{};      // name, by SourceId
};

/// Appends `event` as one line without its end:
///   #12 2020-03-12T10:41:02.5Z margin_call_issued account=7 equity=95.5 ... cause=31
///   mark_published BTCUSDT 7934.5
/// Prices, rates and times are exact decimals; amounts and quantities too where `names` and the
/// event tell their decimals, else raw integers: an event need not say what its account is margined
/// in.
void append_event_text(const Event& event, const EventNames& names, std::string& out);

/// Appends `event` as one JSON object without a line end: "event" (its kind) and then every field
/// by name. Integers are raw, as in engine/value/types.hpp, and may exceed 2^53; enumerators are
/// names; an instrument or an index that is none is null.
void append_event_json(const Event& event, std::string& out);

/// The same of what the events say of an account: one line that begins with the last of them and
/// leaves out what has never been, or is over:
///   #12 2020-03-12T10:41:02.5Z account_state account=7 call=3 call_state=open amount=50 ...
void append_account_state_text(const AccountState& state, const EventNames& names,
                               std::string& out);
/// "snapshot": "account_state", and then every field.
void append_account_state_json(const AccountState& state, std::string& out);

}  // namespace plimsoll::wire
