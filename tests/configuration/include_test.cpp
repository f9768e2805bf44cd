#include "tests/configuration/demo.hpp"
#include "tests/configuration/wide.hpp"

// Goal: several files are read as one, and each error names the file where it stands.

namespace plimsoll::configuration {
namespace {

constexpr std::string_view kService = R"(
[limits]
accounts = 1000
positions = 1000
[exchange]
latency = "20ms"
half_spread = "0.0002"
impact = "0.01"
depth = "1000000"
slippage_max = "0.05"
)";

std::string instrument(const std::string& symbol, const std::string& lot = "1") {
  return "[[instrument]]\nsymbol = \"" + symbol + "\"\nsettle = \"USDT\"\nquantity_decimals = 0\n" +
         "lot = \"" + lot +
         "\"\ntick = \"1\"\nprice_max = \"9\"\n"
         "brackets = [{ floor = \"0\", initial = \"0.1\", maintenance = \"0.1\" }]\n";
}

class Include : public testing::Test {
 protected:
  /// The errors of a file that includes, without the path of the folder.
  std::vector<std::string> errors_of_main(const std::string& text) {
    result_ = load_configuration(folder_.write("main.toml", text));
    std::vector<std::string> errors = texts_of(result_);
    for (std::string& error : errors) error = error.substr(folder_.path().size() + 1);
    return errors;
  }
  static std::vector<std::string> one(std::string error) { return {std::move(error)}; }

  Folder folder_;
  ConfigurationResult result_;
};

TEST_F(Include, AppendsListsInTheOrderOfReading) {
  folder_.write("venue/assets.toml", "[[asset]]\nname = \"USDT\"\ndecimals = 6\n");
  folder_.write("venue/venue.toml",
                "include = [\"assets.toml\"]\n" + instrument("A") + instrument("B"));
  folder_.write("profiles.toml",
                wide_reference().substr(wide_reference().find("[[profile]]"),
                                        wide_reference().find("[[profile]]\nname = \"wide\"") -
                                            wide_reference().find("[[profile]]")));
  EXPECT_TRUE(errors_of_main("include = [\"venue/venue.toml\", \"profiles.toml\"]\n" +
                             instrument("C") + std::string{kService})
                  .empty());
  const reference::Reference& reference = result_.configuration.value().reference;
  ASSERT_EQ(reference.instruments.size(), 3U);
  EXPECT_EQ(reference.instruments[0].symbol, "A");
  EXPECT_EQ(reference.instruments[2].symbol, "C");
  EXPECT_EQ(reference.profiles[0].name, "plain");
  EXPECT_EQ(result_.configuration->reference_prices.size(), 3U);
}

TEST_F(Include, NamesTheFileAndTheElementAsThatFileCounts) {
  folder_.write("a.toml", wide_reference());
  folder_.write("b.toml", instrument("X") + instrument("Y", "-1"));
  EXPECT_EQ(
      errors_of_main("include = [\"a.toml\", \"b.toml\"]\n" + instrument("Z", "x") +
                     std::string{kService}),
      (std::vector<std::string>{"main.toml:6: instrument[0].lot = \"x\": not a decimal number",
                                "b.toml:13: instrument[1].lot = \"-1\": must be above 0"}));
}

TEST_F(Include, RefusesANameTwice) {
  folder_.write("a.toml", wide_reference());
  EXPECT_EQ(
      errors_of_main("include = [\"a.toml\"]\n" + instrument("ETHUSDT") + std::string{kService}),
      one("main.toml:3: instrument[0].symbol = \"ETHUSDT\": appears twice"));
}

TEST_F(Include, ReadsAFileOnceThoughItIsIncludedTwice) {
  folder_.write("a.toml", wide_reference());
  folder_.write("b.toml", "include = [\"./a.toml\"]\n" + instrument("X"));
  EXPECT_TRUE(
      errors_of_main("include = [\"a.toml\", \"b.toml\"]\n" + std::string{kService}).empty());
  EXPECT_EQ(result_.configuration.value().reference.instruments.size(), 6U);
}

TEST_F(Include, LetsTheIncludingFileHaveTheLastWordOnTheEngine) {
  folder_.write("a.toml", wide_reference());
  EXPECT_TRUE(errors_of_main("include = [\"a.toml\"]\n[engine]\ntime_step = \"7ms\"\n" +
                             std::string{kService})
                  .empty());
  EXPECT_EQ(result_.configuration.value().reference.numeraire, AssetId::from_raw(0U));
  EXPECT_EQ(result_.configuration->reference.time_step, Duration::from_raw(7'000'000));
  EXPECT_EQ(errors_of_main("include = [\"a.toml\"]\n[engine]\ntime_step = \"1us\"\n" +
                           std::string{kService}),
            one("main.toml:3: engine.time_step = \"1us\": must be a multiple of settle_grid"));
}

TEST_F(Include, OfAMissingFileIsRefusedAndNothingThatFollows) {
  EXPECT_EQ(errors_of_main("include = [\"no.toml\"]\n" + instrument("X") + std::string{kService}),
            one("main.toml:1: include[0] = \"no.toml\": cannot be read, or is above 64 MiB"));
}

TEST_F(Include, OfAFileThatIsNoTomlIsRefusedThere) {
  folder_.write("bad.toml", "[[asset]]\nname = = 1\n");
  const auto errors = errors_of_main("include = [\"bad.toml\"]\n" + std::string{kService});
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].rfind("bad.toml:2:8: Error while parsing", 0), 0U) << errors[0];
}

TEST_F(Include, OfItselfIsRefused) {
  folder_.write("a.toml", "include = [\"b.toml\"]\n" + wide_reference());
  folder_.write("b.toml", "include = [\"../" +
                              std::filesystem::path{folder_.path()}.filename().string() +
                              "/a.toml\"]\n");
  const auto errors = errors_of_main("include = [\"a.toml\"]\n" + std::string{kService});
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].rfind("b.toml:1: include[0] = \"../", 0), 0U) << errors[0];
  EXPECT_NE(errors[0].find(": includes itself in the end"), std::string::npos);
  EXPECT_EQ(errors_of_main("include = [\"main.toml\"]\n" + wide_configuration()),
            one("main.toml:1: include[0] = \"main.toml\": includes itself in the end"));
}

TEST_F(Include, IsAtMostEightFilesDeep) {
  folder_.write("f7.toml", wide_reference());
  for (int i = 1; i < 7; ++i) {
    folder_.write("f" + std::to_string(i) + ".toml",
                  "include = [\"f" + std::to_string(i + 1) + ".toml\"]\n");
  }
  EXPECT_TRUE(errors_of_main("include = [\"f1.toml\"]\n" + std::string{kService}).empty());
  folder_.write("f7.toml", "include = [\"f8.toml\"]\n");
  folder_.write("f8.toml", wide_reference());
  EXPECT_EQ(errors_of_main("include = [\"f1.toml\"]\n" + std::string{kService}),
            one("f7.toml:1: include[0] = \"f8.toml\": is more than 8 files deep"));
}

TEST_F(Include, MustBeAListOfTexts) {
  EXPECT_EQ(errors_of_main("include = \"a.toml\"\n" + wide_configuration()),
            one("main.toml:1: include = \"a.toml\": must be an array of texts in quotes"));
  EXPECT_EQ(errors_of_main("include = [7]\n" + wide_configuration()),
            one("main.toml:1: include[0] = 7: must be a text in quotes"));
}

TEST_F(Include, OfSectionsOfAServiceOrUnknownOnesIsRefused) {
  folder_.write("a.toml", wide_configuration() + "[gateway]\n[gatewy]\n");
  EXPECT_EQ(errors_of_main("include = [\"a.toml\"]\n" + std::string{kService}).size(), 4U);
  const auto errors = errors_of_main("include = [\"a.toml\"]\n" + std::string{kService});
  EXPECT_NE(errors[0].find(": limits: may not stand in a file that is included"),
            std::string::npos);
  EXPECT_NE(errors[3].find(": gatewy: unknown key, the nearest known is \"gateway\""),
            std::string::npos);
}

}  // namespace
}  // namespace plimsoll::configuration
