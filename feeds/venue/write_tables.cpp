#include "feeds/venue/write_tables.hpp"

#include <map>
#include <string_view>

#include "engine/value/decimal.hpp"
#include "feeds/venue/table_rules.hpp"

namespace plimsoll::feeds {
namespace {

using reference::Kind;
using reference::TierMeasure;
using reference::TierMode;

/// A TOML basic string.
std::string quoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr unsigned char kDelete = 0x7f;
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (byte < ' ' || byte == kDelete) {
      result += "\\u00";
      result += kHex[byte >> 4U];
      result += kHex[byte & 0xfU];
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string quoted(Nano number) {
  return quoted(format_decimal(number, kNanoDecimals));
}

void append_line(std::string& text, std::string_view key, const std::string& value) {
  text.append(key).append(" = ").append(value).append("\n");
}

std::string_view name_of(Kind kind) {
  if (kind == Kind::linear) return "linear";
  return kind == Kind::inverse ? "inverse" : "spot";
}
std::string_view name_of(TierMode mode) {
  if (mode == TierMode::marginal) return "marginal";
  return mode == TierMode::whole ? "whole" : "increment";
}
std::string_view name_of(TierMeasure measure) {
  return measure == TierMeasure::value ? "value" : "quantity";
}

void append_brackets(std::string& text, const VenueTiers& tiers) {
  text += "brackets = [\n";
  for (const VenueBracket& bracket : tiers.brackets) {
    text += "  {floor = " + quoted(bracket.floor) + ", initial = " + quoted(bracket.initial) +
            ", maintenance = " + quoted(bracket.maintenance) + "},\n";
  }
  text += "]";
}

void append_tiers(std::string& text, const VenueTiers& tiers) {
  if (tiers.mode == TierMode::marginal && tiers.measure == TierMeasure::value) {
    append_brackets(text, tiers);
    text += "\n";
    return;
  }
  text += "tiers = {mode = " + quoted(name_of(tiers.mode)) +
          ", measure = " + quoted(name_of(tiers.measure)) + ", ";
  append_brackets(text, tiers);
  if (tiers.mode == TierMode::increment) {
    text += ", initial_increment = " + quoted(tiers.initial_increment) +
            ", maintenance_increment = " + quoted(tiers.maintenance_increment);
  }
  text += "}\n";
}

void append_instrument(std::string& text, const VenueInstrument& instrument) {
  text += "\n";
  for (const std::string& remark : instrument.remarks) text += "# " + remark + "\n";
  text += "[[instrument]]\n";
  append_line(text, "symbol", quoted(instrument.symbol));
  append_line(text, "kind", quoted(name_of(instrument.kind)));
  if (instrument.kind == Kind::spot) append_line(text, "base", quoted(instrument.base));
  append_line(text, "settle", quoted(instrument.settle));
  append_line(text, "multiplier", quoted(instrument.multiplier));
  append_line(text, "quantity_decimals", std::to_string(instrument.quantity_decimals));
  append_line(text, "lot", quoted(instrument.lot));
  append_line(text, "tick", quoted(instrument.tick));
  if (instrument.price_min > 0) append_line(text, "price_min", quoted(instrument.price_min));
  append_line(text, "price_max", quoted(instrument.price_max));
  if (instrument.depth > 0) append_line(text, "depth", quoted(instrument.depth));
  if (instrument.expiry_ms != 0) {
    append_line(text, "expiry", quoted(format_utc(instrument.expiry_ms)));
  }
  if (!instrument.position_limit.empty()) {
    append_line(text, "position_limit", quoted(instrument.position_limit));
  }
  if (instrument.kind != Kind::spot) append_tiers(text, instrument.tiers);
}

/// "10 no margin tiers, 2 not trading", by reason.
std::string reasons_of(const VenueTables& tables) {
  std::map<std::string, std::size_t> counts;
  for (const NotImported& left : tables.not_imported) ++counts[left.reason];
  std::string text;
  for (const auto& [reason, count] : counts) {
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + reason;
  }
  return text;
}

std::string remarks_of(const VenueTables& tables) {
  std::map<std::string, std::size_t> counts;
  for (const VenueInstrument& instrument : tables.instruments) {
    for (const std::string& remark : instrument.remarks) ++counts[remark];
  }
  std::string text;
  for (const auto& [remark, count] : counts) {
    text += "; " + std::to_string(count) + " with " + remark;
  }
  return text;
}

}  // namespace

std::string summary_of(const VenueTables& tables) {
  std::size_t brackets = 0;
  for (const VenueInstrument& instrument : tables.instruments) {
    brackets += instrument.tiers.brackets.size();
  }
  std::string text = tables.venue + ": " + std::to_string(tables.instruments.size()) +
                     " instruments, " + std::to_string(brackets) + " brackets" + remarks_of(tables);
  if (tables.not_imported.empty()) return text;
  return text + "; " + std::to_string(tables.not_imported.size()) +
         " not imported: " + reasons_of(tables);
}

std::string write_tables(const VenueTables& tables) {
  std::string text = "# Imported from " + tables.venue + ": " + tables.source + ".\n# " +
                     summary_of(tables) + "\n";
  for (const VenueAsset& asset : tables.assets) {
    text += "\n[[asset]]\n";
    append_line(text, "name", quoted(asset.name));
    append_line(text, "decimals", std::to_string(asset.decimals));
  }
  for (const VenueInstrument& instrument : tables.instruments) {
    append_instrument(text, instrument);
  }
  return text;
}

}  // namespace plimsoll::feeds
