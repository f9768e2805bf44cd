// Goal: a command line that makes no sense ends at once, with the option and the value that are
// wrong; one that asks for help gets it.

#include <gtest/gtest.h>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/listener.hpp"
#include "tests/cli/market.hpp"

namespace plimsoll::cli::testing {
namespace {

class CommandLine : public ::testing::Test {
 protected:
  [[nodiscard]] Arguments replay(const Arguments& options) const {
    return Arguments{"replay", "--config", config_, capture_} + options;
  }
  [[nodiscard]] Arguments generate(const char* what, const Arguments& options) const {
    return Arguments{"generate", what, "--config", config_} + options;
  }
  /// The parser of the command line says `part`, and at most where help is.
  static void expect_usage(const Arguments& arguments, const std::string& part) {
    const Finished finished = run(arguments);
    EXPECT_EQ(finished.code, kUsage) << finished.err;
    EXPECT_EQ(finished.out, "");
    EXPECT_NE(finished.err.find(part), std::string::npos) << finished.err << "lacks " << part;
    EXPECT_LE(lines_of(finished.err).size(), 2U) << finished.err;
  }

  TemporaryFolder folder_;
  std::string config_{write_small_demo(folder_)};
  std::string capture_{folder_.write("empty.jsonl", "")};
};

TEST_F(CommandLine, GivesVersionAndHelp) {
  const Finished version = run({"--version"});
  EXPECT_EQ(version.code, kOk);
  EXPECT_TRUE(version.out.starts_with("plimsoll ")) << version.out;
  for (const Arguments& command : {Arguments{},
                                   {"replay"},
                                   {"margin"},
                                   {"tail"},
                                   {"generate"},
                                   {"generate", "accounts"},
                                   {"generate", "capture"},
                                   {"import"},
                                   {"sign"},
                                   {"feeds"},
                                   {"compare-marks"},
                                   {"check-config"}}) {
    const Finished help = run(command + Arguments{"--help"});
    EXPECT_EQ(help.code, kOk);
    EXPECT_NE(help.out.find("Usage"), std::string::npos) << help.out;
    EXPECT_EQ(help.err, "");
  }
}

TEST_F(CommandLine, WithoutACommandIsRefused) {
  expect_usage({}, "subcommand");
  expect_usage({"frobnicate"}, "subcommand");
  expect_usage({"generate"}, "subcommand");
  expect_usage({"check-config"}, "config");
}

TEST_F(CommandLine, WithoutWhatItNeedsIsRefused) {
  expect_usage({"replay", capture_}, "--config");
  expect_usage({"replay", "--config", config_}, "a capture, a record, or --inputs");
  expect_usage({"tail"}, "--connect");
}

TEST_F(CommandLine, WithAnUnknownOptionIsRefused) {
  expect_usage(replay({"--frobnicate"}), "--frobnicate");
}

TEST_F(CommandLine, WithAnOptionWithoutItsValueIsRefused) {
  expect_usage(replay({"--speed="}), "--speed");
  expect_usage(generate("capture", {"--drop="}), "--drop");
}

TEST_F(CommandLine, WithABadSpeedIsRefused) {
  for (const char* speed : {"fast", "0", "-1", "nan", "inf", "10x"}) {
    expect_refusal(replay({std::string{"--speed="} + speed}), kUsage,
                   {std::string{"--speed = \""} + speed + "\": not max or a factor above 0"});
  }
}

TEST_F(CommandLine, WithAnImpossibleNumberOfShardsIsRefused) {
  for (const char* shards : {"0", "65", "-1", "two"}) {
    expect_usage(replay({"--shards", shards}), "--shards");
  }
}

TEST_F(CommandLine, WithInlineAndShardsIsRefused) {
  expect_usage(replay({"--inline", "--shards", "2"}), "--inline");
}

TEST_F(CommandLine, WithAnImpossiblePortIsRefused) {
  for (const char* port : {"-1", "65536", "http"}) {
    expect_usage(replay({"--listen", port}), "--listen");
  }
}

TEST_F(CommandLine, OfTailWithABadServerIsRefused) {
  for (const char* server : {"127.0.0.1", ":9710", "host:", "host:0", "host:65536", "host:http"}) {
    expect_refusal({"tail", "--connect", server}, kUsage,
                   {std::string{"--connect = \""} + server + "\": not HOST:PORT"});
  }
}

TEST_F(CommandLine, OfTailWithoutAServerThereEndsInOneLine) {
  std::string server = "127.0.0.1:";
  server += std::to_string(Listener{}.port());  // nobody's any more
  const Finished finished = run({"tail", "--connect", server});
  EXPECT_NE(finished.code, kOk);
  EXPECT_EQ(finished.out, "");
  EXPECT_EQ(finished.err, "tail: cannot connect to " + server + ": Connection refused\n");
}

TEST_F(CommandLine, OfGenerateWithABadPriceIsRefused) {
  for (const char* price : {"BTCUSDT", "BTCUSDT=", "BTCUSDT=abc", "BTCUSDT=-1", "BTCUSDT=0"}) {
    for (const char* what : {"accounts", "capture"}) {
      expect_refusal(generate(what, {"--price", price}), kUsage,
                     {std::string{"--price = \""} + price + "\": "});
    }
  }
}

TEST_F(CommandLine, OfGenerateWithAnUnknownSymbolIsRefused) {
  expect_refusal(generate("accounts", {"--price", "XRPUSDT=3"}), kUsage,
                 {"--price = \"XRPUSDT=3\": not SYMBOL=PRICE of an instrument in " + config_});
}

TEST_F(CommandLine, OfGenerateWithABadDropIsRefused) {
  for (const char* drop : {"deep", "-0.5", "0.0000001"}) {
    expect_refusal(generate("capture", {std::string{"--drop="} + drop}), kUsage,
                   {std::string{"--drop = \""} + drop + "\": not a fraction"});
  }
  expect_refusal(generate("capture", {"--drop", "0.95"}), kUsage, {"--drop"});
}

TEST_F(CommandLine, OfGenerateWithNothingToGenerateIsRefused) {
  expect_refusal(generate("accounts", {"--count", "0"}), kUsage, {"count: must be above 0"});
  expect_refusal(generate("capture", {"--seconds", "0"}), kUsage, {"seconds: must be"});
  expect_refusal(generate("capture", {"--rate", "0"}), kUsage, {"--rate"});
}

TEST_F(CommandLine, OfGenerateNearAMissingCaptureIsRefused) {
  const std::string path = folder_.at("missing.jsonl");
  expect_refusal(generate("accounts", {"--near", path}), kBadInput, {path + ": No such file"});
}

}  // namespace
}  // namespace plimsoll::cli::testing
