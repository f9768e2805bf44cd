#include "tests/foreign/tshark.hpp"

#include <string_view>

#include <gtest/gtest.h>
#include <pugixml.hpp>

namespace plimsoll::foreign {

using cli::testing::Arguments;
using cli::testing::Finished;
using cli::testing::Process;
using cli::testing::operator+;

namespace {

/// Puts what is in a packet of PDML behind what was found before: a line of SoupBinTCP begins a
/// message, what follows of ours belongs to it.
void add_messages(pugi::xml_node packet, std::vector<ShownMessage>& messages) {
  for (const auto proto : packet.children("proto")) {
    const std::string_view name = proto.attribute("name").as_string();
    const auto number = proto.find_child_by_attribute("name", "soupbintcp.seq_num");
    if (name == "soupbintcp" && number) {
      messages.push_back({number.attribute("showname").as_string(), "", {}});
    }
    if (name != "plimsoll" || messages.empty()) continue;
    messages.back().text = proto.attribute("showname").as_string();
    for (const auto field : proto.children("field")) {
      messages.back().fields.push_back({field.attribute("name").as_string(),
                                        field.attribute("show").as_string(),
                                        field.attribute("showname").as_string()});
    }
  }
}

}  // namespace

ShownField ShownMessage::find(const std::string& name) const {
  for (const ShownField& field : fields) {
    if (field.name == name) return field;
  }
  return {};
}

std::string dissector_folder() {
  return std::string{PLIMSOLL_SOURCE_DIR} + "/deploy/wireshark";
}

Arguments tshark_with(const std::string& folder) {
  return {"tshark", "-X", "lua_script:" + folder + "/plimsoll.lua"};
}

std::vector<ShownMessage> dissect(const std::string& capture, std::uint16_t port,
                                  const Arguments& tshark) {
  Process process{tshark.front(),
                  Arguments(tshark.begin() + 1, tshark.end()) +
                      Arguments{"-o", "gui.max_tree_depth:5000", "-d",
                                "tcp.port==" + std::to_string(port) + ",soupbintcp", "-r", capture,
                                "-T", "pdml", "-J", "soupbintcp plimsoll"}};
  const Finished finished = process.wait();
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(finished.err.find("Lua"), std::string::npos) << finished.err;
  EXPECT_EQ(finished.out.find("Lua Error"), std::string::npos);
  pugi::xml_document document;
  const auto parsed = document.load_string(finished.out.c_str());
  EXPECT_TRUE(parsed) << parsed.description();
  std::vector<ShownMessage> messages;
  for (const auto packet : document.child("pdml").children("packet")) {
    add_messages(packet, messages);
  }
  return messages;
}

}  // namespace plimsoll::foreign
