// Goal: an answer of a venue becomes sections of a configuration, or one line says what is wrong
// with it. Method: a few contracts in every kind of file.

#include <gtest/gtest.h>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/process.hpp"

namespace plimsoll::cli::testing {
namespace {

const std::string kJson =
    R"({"code": "0", "data": [{"instId": "ABC-USDT-SWAP", "instType": "SWAP", "ctType": "linear",
  "ctVal": "0.1", "ctMult": "1", "settleCcy": "USDT", "state": "live", "lever": "50",
  "expTime": "", "lotSz": "1", "tickSz": "0.01"}, {"instId": "ABC-USDT", "instType": "SPOT",
  "baseCcy": "ABC", "quoteCcy": "USDT", "state": "live", "lotSz": "0.001", "tickSz": "0.01"},
  {"instId": "ABC-1-C", "instType": "OPTION"}]})";

std::string recording() {
  std::string line = kJson;
  for (char& c : line) c = c == '\n' ? ' ' : c;
  return "https://venue.example/instruments -> 1652459223.5: " + line +
         "\nconfiguration: {\"trades\": []}\n";
}

class Import : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  std::string answer_{folder_.write("answer.json", kJson)};
};

TEST_F(Import, WritesSectionsAndOneLineOfCounts) {
  const Finished finished = run({"import", "okx", answer_});
  EXPECT_EQ(finished.code, kOk);
  EXPECT_NE(finished.out.find("[[instrument]]\nsymbol = \"ABC-USDT-SWAP\"\n"), std::string::npos);
  EXPECT_NE(finished.out.find("[[asset]]\nname = \"USDT\"\ndecimals = 6\n"), std::string::npos);
  EXPECT_EQ(finished.err,
            "okx: 1 instruments, 1 brackets; 1 with one bracket, from the highest leverage; "
            "2 not imported: 1 option, 1 spot\n");
}

TEST_F(Import, AnyKindOfFileGivesTheSame) {
  const std::string expected = run({"import", "okx", answer_}).out;
  for (const std::string& text : {gzip(kJson), recording(), gzip(recording())}) {
    const Finished finished = run({"import", "okx", folder_.write("other", text)});
    EXPECT_EQ(finished.code, kOk) << finished.err;
    EXPECT_EQ(finished.out, expected);
  }
  EXPECT_EQ(run({"import", "okx", answer_, folder_.at("other")}).out, expected);
}

TEST_F(Import, WritesTheFileThatIsAskedFor) {
  const std::string path = folder_.at("okx.toml");
  const Finished finished = run({"import", "okx", answer_, "--output", path});
  EXPECT_EQ(finished.code, kOk) << finished.err;
  EXPECT_EQ(finished.out, "");
  EXPECT_EQ(read_file(path), run({"import", "okx", answer_}).out);
}

TEST_F(Import, TakesOnlyTheSymbolsAskedFor) {
  const Finished finished = run({"import", "okx", "--symbol", "ABC-USDT", answer_});
  EXPECT_EQ(finished.code, kOk) << finished.err;
  EXPECT_NE(finished.out.find("kind = \"spot\"\nbase = \"ABC\"\n"), std::string::npos);
  EXPECT_EQ(finished.out.find("SWAP"), std::string::npos);
  expect_refusal({"import", "okx", answer_, "--symbol", "ABC-1-C"}, kBadInput,
                 {"--symbol = \"ABC-1-C\": cannot be imported: option"});
  expect_refusal({"import", "okx", answer_, "--symbol=NOPE"}, kBadInput,
                 {"--symbol = \"NOPE\": not in the files"});
}

TEST_F(Import, SaysWhatIsWrong) {
  expect_refusal({"import", "nowhere", answer_}, kUsage,
                 {"VENUE = \"nowhere\"", "binance, bitmex, deribit, gate, kraken, okx"});
  expect_refusal({"import", "okx", folder_.at("none")}, kBadInput, {"none: No such file"});
  expect_refusal({"import", "okx", folder_.write("note", "hello\n")}, kBadInput,
                 {"note: neither JSON nor a recording"});
  expect_refusal({"import", "kraken", answer_}, kBadInput,
                 {"answer.json: holds no list \"instruments\""});
  std::string bad = kJson;
  bad.replace(bad.find("\"50\""), 4, "\"x\"");
  expect_refusal({"import", "okx", folder_.write("bad.json", bad)}, kBadInput,
                 {"bad.json: ABC-USDT-SWAP.lever = \"x\": not a decimal number"});
  expect_refusal({"import", "okx", folder_.write("cut.json", kJson.substr(0, 99))}, kBadInput,
                 {"cut.json: not one whole JSON object or list"});
  expect_refusal({"import", "okx", answer_, "--output", folder_.path()}, kFailed, {folder_.path()});
}

TEST_F(Import, AFaultyAnswerWritesOverNothing) {
  const std::string path = folder_.write("keep.toml", "keep");
  expect_refusal({"import", "okx", folder_.write("cut.json", "{"), "--output", path}, kBadInput,
                 {"cut.json"});
  EXPECT_EQ(read_file(path), "keep");
}

TEST_F(Import, OfNothingIsRefused) {
  const std::string options =
      folder_.write("options.json", R"({"data": [{"instId": "ABC-1-C", "instType": "OPTION"}]})");
  expect_refusal({"import", "okx", options}, kBadInput,
                 {"nothing to import: okx: 0 instruments, 0 brackets; 1 not imported: 1 option"});
}

}  // namespace
}  // namespace plimsoll::cli::testing
