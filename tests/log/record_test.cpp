#include <cstdio>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/log/record_check.hpp"
#include "engine/log/record_reader.hpp"
#include "engine/log/record_writer.hpp"
#include "tests/core/run_engine.hpp"
#include "tests/support/history.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::log {
namespace {

constexpr std::uint64_t kHash = 0x1234;
constexpr std::int64_t kSmall = std::int64_t{1} << 50;  // an amount to which something can be added

/// A file that is gone after the test.
class RecordTest : public ::testing::Test {
 protected:
  RecordTest() {
    path_ =
        (std::filesystem::temp_directory_path() / ("plimsoll-record-" + std::to_string(::getpid())))
            .string();
  }
  ~RecordTest() override { std::remove(path_.c_str()); }

  void write(const std::vector<Input>& inputs) const {
    RecordWriter writer{path_, kHash};
    for (const Input& input : inputs) writer.append(input);
    ASSERT_TRUE(writer.close()) << writer.error();
  }
  [[nodiscard]] std::string bytes() const {
    std::ifstream file{path_, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  void write_bytes(const std::string& text) const {
    std::ofstream{path_, std::ios::binary} << text;
  }
  [[nodiscard]] std::vector<Input> read(std::string* error) const {
    RecordReader reader{path_};
    std::vector<Input> inputs;
    Input input;
    while (reader.next(input)) inputs.push_back(input);
    *error = reader.error();
    return inputs;
  }

  std::string path_;
};

template <std::size_t I = 0>
void add_missing(const std::vector<bool>& seen, std::vector<Input>& inputs) {
  if constexpr (I < std::variant_size_v<InputBody>) {
    if (!seen[I]) {
      Input input = inputs.back();
      input.sequence = Sequence::from_raw(input.sequence.raw() + 1);
      input.body.emplace<I>();
      inputs.push_back(input);
    }
    add_missing<I + 1>(seen, inputs);
  }
}

/// The sequenced inputs of a run, and one of every kind that it does not hold.
std::vector<Input> sequenced_inputs() {
  const reference::Reference reference = support::guarded_reference(1);
  std::vector<Input> inputs =
      core::run_inline(reference, support::random_history(reference, 1), 1, watch::Mode::bands)
          .inputs;
  std::vector<bool> seen(std::variant_size_v<InputBody>);
  for (const Input& input : inputs) seen[kind_of(input)] = true;
  add_missing(seen, inputs);
  return inputs;
}

TEST_F(RecordTest, EveryInputReadsBackAsItWasWritten) {
  const auto inputs = sequenced_inputs();
  write(inputs);
  EXPECT_TRUE(RecordReader::is_record(path_));
  EXPECT_EQ(RecordReader{path_}.reference_hash(), kHash);
  std::string error;
  const auto read_back = read(&error);
  EXPECT_EQ(error, "");
  ASSERT_EQ(read_back.size(), inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) ASSERT_TRUE(same(inputs[i], read_back[i])) << i;
}

TEST_F(RecordTest, ReplayOfARecordSequencesTheSameInputsAndEvents) {
  const reference::Reference reference = support::small_reference();
  const auto first =
      core::run_inline(reference, support::random_history(reference, 3), 1, watch::Mode::bands);
  std::vector<Input> external;
  for (const Input& input : first.inputs) {
    if (input.origin == Origin::external) external.push_back(input);
  }
  const auto second = core::run_inline(reference, external, 3, watch::Mode::bands);
  RecordCheck check;
  for (const Input& input : first.inputs) check.expect(input);
  for (const Input& input : second.inputs) check.see(input);
  check.finish();
  EXPECT_EQ(check.divergence(), "");
  EXPECT_EQ(first.hash(), second.hash());
}

TEST(RecordCheck, EveryKindOfDifferenceIsFound) {
  const auto inputs = sequenced_inputs();
  const auto divergence = [&](std::size_t skip, Amount more) {
    RecordCheck check;
    for (const Input& input : inputs) check.expect(input);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      Input input = inputs[i];
      auto* deposit = std::get_if<Deposited>(&input.body);
      if (deposit != nullptr && deposit->amount.raw() < kSmall) deposit->amount += more;
      if (i != skip) check.see(input);
    }
    check.finish();
    return check.divergence();
  };
  EXPECT_EQ(divergence(inputs.size(), {}), "");
  EXPECT_NE(divergence(inputs.size(), Amount::from_raw(1)), "");
  EXPECT_NE(divergence(inputs.size() - 1, {}), "");
  EXPECT_NE(divergence(10, {}), "");
}

TEST_F(RecordTest, CutAtAnyByteItGivesWholeInputsAndSaysWhereItIsCut) {
  auto inputs = sequenced_inputs();
  inputs.resize(16);
  write(inputs);
  const std::string whole = bytes();
  std::size_t frames = 0;
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    write_bytes(whole.substr(0, cut));
    std::string error;
    const auto read_back = read(&error);
    ASSERT_LT(read_back.size(), inputs.size());
    for (std::size_t i = 0; i < read_back.size(); ++i) ASSERT_TRUE(same(inputs[i], read_back[i]));
    // Without an error the cut lies between two frames, where nothing is half.
    if (error.empty()) frames += 1;
  }
  EXPECT_EQ(frames, inputs.size());  // after the header, and after each frame but the last
}

TEST_F(RecordTest, NoFlippedBitIsAcceptedSilently) {
  auto inputs = sequenced_inputs();
  inputs.resize(5);
  write(inputs);
  const std::string whole = bytes();
  const std::size_t header = 16;
  for (std::size_t bit = header * 8; bit < whole.size() * 8; ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    write_bytes(damaged);
    std::string error;
    (void)read(&error);
    ASSERT_NE(error, "") << "bit " << bit;
  }
}

TEST_F(RecordTest, ARecordOfAnotherFormatIsNamed) {
  write({});
  std::string other = bytes();
  other[7] = '1';
  write_bytes(other);
  EXPECT_TRUE(RecordReader::is_record(path_));
  EXPECT_EQ(RecordReader{path_}.error(), path_ + ": is a record of another format than 02");
}

TEST_F(RecordTest, AForeignOrMissingFileIsNamed) {
  write_bytes("something else entirely");
  EXPECT_FALSE(RecordReader::is_record(path_));
  EXPECT_EQ(RecordReader{path_}.error(), path_ + ": is not a record");
  EXPECT_NE(RecordReader{"/nonexistent/record"}.error().find("/nonexistent/record: cannot be read"),
            std::string::npos);
}

}  // namespace
}  // namespace plimsoll::log
