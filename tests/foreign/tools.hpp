#pragma once

#include <string>

#include <gtest/gtest.h>

// The programs of others that these tests drive. Where they are not installed the tests are
// skipped, with PLIMSOLL_REQUIRE_FOREIGN in the environment (deploy/test) they fail.

namespace plimsoll::foreign {

/// The source folder of these tests, for what is not compiled.
[[nodiscard]] std::string source_path(const std::string& name);

/// Can a program of this name be started?
[[nodiscard]] bool is_installed(const std::string& program);

/// A test that needs something of others; `missing` says what is not there, and is empty when all
/// is.
class ForeignTest : public ::testing::Test {
 protected:
  explicit ForeignTest(std::string missing) : missing_{std::move(missing)} {}
  void SetUp() override;

 private:
  std::string missing_;
};

/// Node and the package soupbintcp.
class NodeTest : public ForeignTest {
 protected:
  NodeTest();
};

/// tshark.
class WiresharkTest : public ForeignTest {
 protected:
  WiresharkTest();
};

}  // namespace plimsoll::foreign
