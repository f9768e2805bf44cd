#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/cli/process.hpp"

namespace plimsoll::foreign {

/// A field as tshark shows it: "plimsoll.reason", "8", "reason: zero_quantity (8)".
struct ShownField {
  std::string name;
  std::string value;
  std::string text;
};

/// A sequenced packet, and what our dissector made of it.
struct ShownMessage {
  std::string count;  // "Sequence number: 12 (Calculated)": by Wireshark's own dissector
  std::string text;   // the line above the fields
  std::vector<ShownField> fields;

  /// The field, or one without a name.
  [[nodiscard]] ShownField find(const std::string& name) const;
};

/// tshark with the dissector in a folder.
[[nodiscard]] cli::testing::Arguments tshark_with(const std::string& folder);
/// Where the repository has it.
[[nodiscard]] std::string dissector_folder();

/// Every sequenced packet of a capture with SoupBinTCP on a port, by a program and its first
/// arguments.
[[nodiscard]] std::vector<ShownMessage> dissect(
    const std::string& capture, std::uint16_t port,
    const cli::testing::Arguments& tshark = tshark_with(dissector_folder()));

}  // namespace plimsoll::foreign
