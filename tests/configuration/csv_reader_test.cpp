#include "engine/configuration/csv_reader.hpp"

#include <zlib.h>

#include "tests/configuration/wide.hpp"

namespace plimsoll::configuration {
namespace {

using Records = std::vector<std::vector<std::string>>;

class Csv : public testing::Test {
 protected:
  /// The records of a text; what is wrong with it goes to `error_`, as "line: reason".
  Records records(std::string_view text) {
    error_.clear();
    CsvReader reader{folder_.write("a.csv", text)};
    Records all;
    std::vector<std::string_view> fields;
    for (;;) {
      const CsvReader::Step step = reader.next(fields);
      if (step == CsvReader::Step::failed) {
        error_ = std::to_string(reader.line()) + ": " + reader.error();
      }
      if (step != CsvReader::Step::record) return all;
      all.emplace_back(fields.begin(), fields.end());
      last_line_ = reader.line();
    }
  }
  std::string error_of(std::string_view text) {
    records(text);
    return error_;
  }

  Folder folder_;
  std::string error_;
  std::size_t last_line_{0};
};

TEST_F(Csv, HasRecordsAndFields) {
  EXPECT_EQ(records("a,b\r\n1,2\r\n"), (Records{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(records("a,b\n1,2"), (Records{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(records(",\n"), (Records{{"", ""}}));
  EXPECT_EQ(records(" a , b "), (Records{{" a ", " b "}}));
  EXPECT_EQ(records("a,"), (Records{{"a", ""}}));
  EXPECT_EQ(records(""), Records{});
  EXPECT_EQ(records("\n\r\na\n\n"), Records{{"a"}});
  EXPECT_EQ(records("\xef\xbb\xbf\"a\",b\n"), (Records{{"a", "b"}}));
}

TEST_F(Csv, HasQuotedFields) {
  EXPECT_EQ(records(R"("a","b,c","d""e","")"), (Records{{"a", "b,c", "d\"e", ""}}));
  EXPECT_EQ(records("\"\"\n"), (Records{{""}}));
  EXPECT_EQ(records("\"\"\"\",\"\"\"\"\n"), (Records{{"\"", "\""}}));
  EXPECT_EQ(records("\"a\nb\r\nc\",d\r\ne,f\n"), (Records{{"a\nb\r\nc", "d"}, {"e", "f"}}));
  EXPECT_EQ(last_line_, 4U);
}

TEST_F(Csv, IsRefusedWhenItIsNone) {
  EXPECT_EQ(error_of("a\nb\"c\n"), "2: has a quote inside a field that does not start with one");
  EXPECT_EQ(error_of("a\n\"b\"c\n"), "2: has text after a closing quote");
  EXPECT_EQ(error_of("a\n\"b\n\n"), "2: ends inside quotes");
  EXPECT_EQ(error_of("a\rb\n"), "1: has a carriage return that ends no line, outside quotes");
  EXPECT_EQ(error_of("a\r"), "1: has a carriage return that ends no line, outside quotes");
  EXPECT_EQ(error_of("a\n\"" + std::string(CsvReader::kRecordMax + 1, 'x')),
            "2: is longer than 1 MiB");
  EXPECT_EQ(error_of(std::string(CsvReader::kRecordMax + 1, ',')), "1: is longer than 1 MiB");
}

TEST_F(Csv, ComesBackFromWhatWasWritten) {
  const std::string alphabet = "a,\"\r\n b";
  std::uint64_t random = 1;
  const auto below = [&random](std::uint64_t bound) {
    random = random * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    return (random >> 33U) % bound;
  };
  for (int round = 0; round < 500; ++round) {
    Records written;
    std::string text;
    for (std::uint64_t i = below(5); i > 0; --i) {
      written.emplace_back();
      for (std::uint64_t j = 1 + below(4); j > 0; --j) {
        std::string field;
        for (std::uint64_t k = below(6); k > 0; --k) field += alphabet[below(alphabet.size())];
        text += '"';
        for (const char c : field) text.append(c == '"' ? 2 : 1, c);
        text += j > 1 ? "\"," : "\"\r\n";
        written.back().push_back(std::move(field));
      }
    }
    ASSERT_EQ(records(text), written) << text;
    ASSERT_EQ(error_, "");
  }
}

TEST_F(Csv, MayBePackedAndMustBeThere) {
  const std::string path = folder_.at("b.csv");
  gzFile file = gzopen(path.c_str(), "wb");
  gzputs(file, "a,b\n");
  gzclose(file);
  CsvReader packed{path};
  std::vector<std::string_view> fields;
  EXPECT_EQ(packed.next(fields), CsvReader::Step::record);
  EXPECT_EQ(fields.size(), 2U);
  CsvReader missing{folder_.at("c.csv")};
  EXPECT_EQ(missing.next(fields), CsvReader::Step::failed);
  EXPECT_EQ(missing.error(), "cannot be read: No such file or directory");
  EXPECT_EQ(missing.line(), 0U);
}

}  // namespace
}  // namespace plimsoll::configuration
