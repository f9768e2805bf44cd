// Goal: what only an operator may say is taken from nobody else. Method: sign inputs, check one
// signature against one made elsewhere, then change every part of what was signed.

#include <sys/stat.h>

#include "engine/configuration/input_signer.hpp"
#include "engine/configuration/inputs_reader.hpp"
#include "tests/configuration/demo.hpp"
#include "tests/configuration/same_input.hpp"
#include "tests/configuration/wide.hpp"

namespace plimsoll::configuration {
namespace {

const std::string kAnn(40, 'a');
const std::string kBob = "0123456789abcdef0123456789abcdef";

class Operators : public testing::Test {
 protected:
  InputsResult read(const std::string& line) {
    return read_inputs(folder_.write("day.jsonl", line + "\n"), reference_, {}, operators_);
  }
  /// The one error of a line, without its place.
  std::string error_of(const std::string& line) {
    const std::vector<std::string> texts = texts_of(read(line));
    EXPECT_EQ(texts.size(), 1U) << line;
    return texts.empty() ? "" : texts[0].substr(texts[0].find(":1: ") + 4);
  }
  std::string signed_by(std::uint32_t who, const std::string& key, const std::string& line) {
    InputSigner signer{reference_, operators_, OperatorId::from_raw(who), key};
    std::string out;
    const std::optional<Error> error = signer.sign(line, out);
    return error ? to_string(*error).substr(2) : out;  // without its place
  }
  std::string signed_by_bob(const std::string& line) { return signed_by(2, kBob, line); }
  void write_key(const std::string& name, const std::string& key, mode_t mode = 0600) {
    ASSERT_EQ(::chmod(folder_.write(name, key + "\n").c_str(), mode), 0);
  }
  /// The errors of a configuration with these operators.
  std::vector<std::string> errors_with(const std::string& sections) {
    result_ = load_configuration(folder_.write("main.toml", wide_configuration() + sections));
    return texts_of(result_);
  }

  const reference::Reference reference_{
      parse_configuration(wide_configuration(), "t.toml").configuration.value().reference};
  const std::vector<Operator> operators_{{"ann", "", kAnn}, {"bob", "", kBob}};
  Folder folder_;
  ConfigurationResult result_;
};

constexpr const char* kRelease =
    R"({"time":1700000000000000005,"input":"source_released","source":"tether","number":7})";
constexpr const char* kOverride =
    R"({"time":1700000000000000005,"input":"mark_overridden","instrument":"BTCUSDT","price":"1.5","expires":1700000000000000009,"number":8 } )";

// Made with: printf 'KIND\nname=value...' | openssl dgst -sha256 -hmac KEY
TEST_F(Operators, SignTheKindTheFieldsAndTheTime) {
  EXPECT_EQ(signed_by_bob(kRelease),
            R"({"time":1700000000000000005,"input":"source_released","source":"tether","number":7)"
            R"(,"by":"bob","signature":")"
            R"(68c0a44d5af4595c19ca52fa3d1d1ea6d5150dc788950b73842a9a0fa367ba13"})");
  EXPECT_NE(signed_by_bob(kOverride).find(
                R"("number":8 ,"by":"bob","signature":")"
                R"(d5a45d6af5b154b0733b71cd5d416c8b7b85e721dbfb166cf5150051db075ffc"})"),
            std::string::npos);
}

TEST_F(Operators, AreBelievedWhenTheySigned) {
  const InputsResult result = read(signed_by_bob(kOverride));
  for (const std::string& error : texts_of(result)) ADD_FAILURE() << error;
  ASSERT_EQ(result.inputs.size(), 1U);
  const MarkOverridden expected{InstrumentId::from_raw(0), Price::from_raw(1'500'000'000),
                                EventTime::from_raw(1'700'000'000'000'000'009),
                                OperatorId::from_raw(2), ExternalId::from_raw(8)};
  EXPECT_TRUE(same_input(result.inputs[0].body, InputBody{expected}));
  EXPECT_TRUE(read(signed_by(1, kAnn, kRelease)).ok());
}

TEST_F(Operators, EveryChangeOfWhatWasSignedIsFound) {
  const std::string line = signed_by_bob(kOverride);
  const std::string wrong = " is not that of ";
  const std::vector<std::pair<const char*, const char*>> changes{
      {"0005,", "0006,"},       {"BTCUSDT", "ETHUSDT"},   {"\"1.5\"", "\"1.6\""},
      {"0009,", "0010,"},       {"\"bob\"", "\"ann\""},   {"\"number\":8", "\"number\":9"},
      {"075ffc\"", "075ffd\""}, {"\"d5a45", "\"d5b45"},   {"075ffc\"", "075ff\""},
      {"075ffc\"", "075ffg\""}, {"075ffc\"", "075ffc0\""}};
  for (const auto& [from, to] : changes) {
    EXPECT_NE(error_of(with(line, from, to)).find(wrong), std::string::npos) << from;
  }
  EXPECT_EQ(error_of(with(line, "\"d5a45", "\"x")).substr(0, 13), "signature = \"");
  EXPECT_NE(error_of(with(line, "mark_overridden", "index_overridden")), "");
}

// One byte of a signed line may become any other: then it is refused, or still says the same.
TEST_F(Operators, NoSingleByteMakesAnotherInputOfIt) {
  const std::string line = signed_by_bob(kOverride);
  const Input signed_input = read(line).inputs.at(0);
  for (std::size_t at = 0; at < line.size(); ++at) {
    for (const char byte : {'0', '9', 'a', 'A', ' ', '"', ',', '-', '.', '\x80'}) {
      std::string other = line;
      other[at] = byte;
      const InputsResult result = read(other);
      ASSERT_EQ(result.inputs.size() + result.errors.size(), 1U) << other;
      if (result.inputs.empty()) continue;
      EXPECT_TRUE(same_input(result.inputs[0].body, signed_input.body)) << other;
      EXPECT_EQ(result.inputs[0].time, signed_input.time) << other;
    }
  }
}

TEST_F(Operators, OfAnotherKeyAreNotBelieved) {
  EXPECT_NE(error_of(signed_by(2, kAnn, kRelease)).find("is not that of \"bob\" for this input"),
            std::string::npos);
}

TEST_F(Operators, MustSign) {
  EXPECT_EQ(error_of(with(kRelease, "\"number\":7", "\"number\":7,\"by\":\"bob\"")),
            "signature: is missing");
  EXPECT_EQ(error_of(kRelease), "by: is missing");
  EXPECT_EQ(error_of(with(signed_by_bob(kRelease), "\"bob\"", "\"eve\"")),
            "by = \"eve\": names no operator");
  EXPECT_EQ(error_of(with(kRelease, "\"number\":7", "\"number\":7,\"by\":\"bob\",\"signature\":5")),
            "signature = \"5\": is not that of \"bob\" for this input");
}

TEST_F(Operators, SignEveryKindThatIsTheirs) {
  const std::string start = R"({"time":5,"input":")";
  for (const char* rest :
       {R"(source_released","source":"tether")",
        R"(mark_overridden","instrument":"BTCUSDT","price":"1","expires":9)",
        R"(index_overridden","index":"USDT","price":"1","expires":9)",
        R"(redemption_published","index":"USDT","price":"0","expires":9)",
        R"(liquidations_paused")", R"(liquidations_resumed","reason":"breaker")"}) {
    const std::string line = start + rest + R"(,"number":1})";
    EXPECT_EQ(error_of(line), "by: is missing");
    EXPECT_TRUE(read(signed_by_bob(line)).ok()) << signed_by_bob(line);
  }
}

TEST_F(Operators, SignNoTimesThatOnlyARunKnows) {
  const std::string relative = with(kRelease, "1700000000000000005", "\"+5s\"");
  const std::string rule = "must be a number of ns since 1970 in an input that is signed";
  EXPECT_EQ(signed_by_bob(relative), "time = \"+5s\": " + rule);
  EXPECT_EQ(error_of(with(signed_by_bob(kRelease), "1700000000000000005", "\"+5s\"")),
            "time = \"+5s\": " + rule);
  EXPECT_EQ(signed_by_bob(with(kOverride, "1700000000000000009", "\"+5s\"")),
            "expires = \"+5s\": " + rule);
}

TEST_F(Operators, AreNeededForWhatOnlyTheyMaySay) {
  const InputsResult result =
      read_inputs(folder_.write("day.jsonl", signed_by_bob(kRelease)), reference_, {});
  ASSERT_EQ(result.errors.size(), 1U);
  EXPECT_NE(texts_of(result)[0].find(
                "input = \"source_released\": is for operators, and the configuration lists none"),
            std::string::npos);
}

TEST_F(Operators, DoNotSignWhatIsNotTheirs) {
  const std::string others = signed_by(1, kAnn, kRelease);
  EXPECT_EQ(signed_by_bob(others), others);
  const std::string plain = R"({"time":"+1s","input":"futures_settled"})";
  EXPECT_EQ(signed_by_bob(plain), plain);
}

TEST_F(Operators, DoNotSignWhatIsWrong) {
  EXPECT_EQ(signed_by_bob(signed_by_bob(kRelease)), "signature: is there already");
  EXPECT_EQ(signed_by_bob(with(kRelease, ",\"number\":7", "")), "number: is missing");
  EXPECT_EQ(signed_by_bob(with(kRelease, "tether", "x")), "source = \"x\": names no source");
  EXPECT_EQ(signed_by_bob(with(kRelease, "number", "numbr")), "number: is missing");
  EXPECT_EQ(signed_by_bob(with(kRelease, "\"number\"", "\"note\":1,\"number\"")),
            "\"note\": unknown key");
  EXPECT_EQ(signed_by_bob(R"({"input":"futures_settled"})"), "time: is missing");
  EXPECT_EQ(signed_by_bob(R"({"time":5})"), "input: is missing");
  EXPECT_EQ(signed_by_bob(R"({"time":"5","input":"futures_settled"})"),
            "time = \"5\": must be a number of ns since 1970, or a duration after the start, as "
            "\"+30s\"");
  EXPECT_NE(signed_by_bob("{").find("malformed JSON"), std::string::npos);
}

TEST_F(Operators, AreReadWithTheirKeys) {
  write_key("keys/ann", kAnn);
  write_key("keys/bob", kBob);
  const std::string sections =
      "[[operator]]\nname = \"ann\"\nkey_file = \"keys/ann\"\n"
      "[[operator]]\nname = \"bob\"\nkey_file = \"./keys/bob\"\n";
  for (const std::string& error : errors_with(sections)) ADD_FAILURE() << error;
  const std::vector<Operator>& operators = result_.configuration.value().operators;
  ASSERT_EQ(operators.size(), 2U);
  EXPECT_EQ(operators[0].name, "ann");
  EXPECT_EQ(operators[0].key, kAnn);
  EXPECT_EQ(operators[1].key, kBob);
  EXPECT_EQ(operators[1].key_file, folder_.at("keys/bob"));
  EXPECT_EQ(find_operator(operators, "bob"), OperatorId::from_raw(2));
  EXPECT_EQ(find_operator(operators, "eve"), OperatorId{});
}

TEST_F(Operators, WithAKeyThatIsNoSecretAreRefusedAndItIsNotShown) {
  write_key("open", kAnn, 0644);
  write_key("short", "too short");
  write_key("good", kAnn);
  const auto error_with = [&](const std::string& name, const std::string& file) {
    const auto errors =
        errors_with("[[operator]]\nname = \"" + name + "\"\nkey_file = \"" + file + "\"\n");
    return errors.size() == 1 ? errors[0].substr(errors[0].find(": ") + 2) : "not one error";
  };
  EXPECT_EQ(error_with("ann", "open"),
            "operator[0].key_file = \"open\": may be used by others than its owner: chmod 600");
  EXPECT_EQ(error_with("ann", "short"),
            "operator[0].key_file = \"short\": must hold a secret of 32 to 4096 bytes");
  EXPECT_EQ(error_with("ann", "none"),
            "operator[0].key_file = \"none\": cannot be read: No such file or directory");
  EXPECT_EQ(error_with("a b", "good"),
            "operator[0].name = \"a b\": must be 1 to 32 printable characters, no blank, quote or "
            "backslash");
  EXPECT_EQ(error_with("ann", "good\"\n[[operator]]\nname = \"ann\"\nkey_file = \"good"),
            "operator[1].name = \"ann\": appears twice");
  EXPECT_EQ(error_with("ann", "good\"\nkey_fil = \"x"),
            "operator[0].key_fil: unknown key, the nearest known is \"key_file\"");
  const auto missing = errors_with("[[operator]]\nname = \"ann\"\n");
  ASSERT_EQ(missing.size(), 1U);
  EXPECT_NE(missing[0].find("operator[0].key_file: is missing"), std::string::npos);
}

TEST_F(Operators, AreKnownWithoutTheirKeysToOneWhoChecksNoSignature) {
  const std::string text =
      wide_configuration() + "[[operator]]\nname = \"ann\"\nkey_file = \"none\"\n";
  const ConfigurationResult result = parse_configuration(text, "a/t.toml", Keys::passed_over);
  ASSERT_TRUE(result.ok()) << texts_of(result)[0];
  EXPECT_EQ(result.configuration->operators[0].key_file, "a/none");
  EXPECT_EQ(result.configuration->operators[0].key, "");
}

TEST_F(Operators, StandOnlyInTheFileItself) {
  write_key("ann", kAnn);
  folder_.write("venue.toml",
                trusted_reference() + "[[operator]]\nname = \"ann\"\nkey_file = \"ann\"\n");
  const auto errors = texts_of(load_configuration(folder_.write(
      "main.toml",
      "include = [\"venue.toml\"]\n" + wide_configuration().substr(trusted_reference().size()))));
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_NE(errors[0].find("operator: may not stand in a file that is included"),
            std::string::npos);
}

}  // namespace
}  // namespace plimsoll::configuration
