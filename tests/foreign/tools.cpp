#include "tests/foreign/tools.hpp"

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include <unistd.h>

namespace plimsoll::foreign {
namespace {

std::string missing_for_node() {
  if (!is_installed("node")) return "node";
  const bool there = std::filesystem::exists(source_path("node_modules/soupbintcp/package.json"));
  return there ? "" : "the npm package soupbintcp";
}

}  // namespace

std::string source_path(const std::string& name) {
  return std::string{PLIMSOLL_SOURCE_DIR} + "/tests/foreign/" + name;
}

bool is_installed(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders{path == nullptr ? "" : path};
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (::access((folder + "/" + program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

void ForeignTest::SetUp() {
  if (missing_.empty()) return;
  const std::string text = missing_ + " is not installed: deploy/install --test";
  if (std::getenv("PLIMSOLL_REQUIRE_FOREIGN") != nullptr) FAIL() << text;
  GTEST_SKIP() << text;
}

NodeTest::NodeTest() : ForeignTest{missing_for_node()} {}

WiresharkTest::WiresharkTest() : ForeignTest{is_installed("tshark") ? "" : "tshark"} {}

}  // namespace plimsoll::foreign
