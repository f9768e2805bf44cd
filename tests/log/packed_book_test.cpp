// Goal: a packed book gives back every input of the book that it was packed from, and no damaged
// one is taken. Method: books by hand and random ones through a file, compared with what went in;
// then every bit of a small file flipped, the file cut at every length, and contradictions under a
// right checksum.

#include "engine/log/packed_book.hpp"

#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include "tests/support/describe.hpp"
#include "tests/support/random.hpp"

namespace plimsoll::log {
namespace {

constexpr std::uint64_t kHash = 0x0123456789abcdef;
constexpr AssetId kMargin = AssetId::from_raw(2);
constexpr AssetId kOther = AssetId::from_raw(1);

// Where the header has its fields.
constexpr std::size_t kHashAt = 8;
constexpr std::size_t kAccountsAt = 16;
constexpr std::size_t kRestAt = 32;
constexpr std::size_t kChecksumAt = 40;
constexpr std::size_t kUnusedAt = 44;
constexpr std::size_t kHeader = 48;

/// An account of a book with the inputs that say it, and whether it can be packed.
struct BookAccount {
  AccountOpened opened;
  std::vector<InputBody> inputs;
  bool plain{true};
};

/// A book, made account by account as its reader would.
class Book {
 public:
  AccountId open(MarginMode mode = MarginMode::cross, AccountId parent = {}) {
    const AccountId account = AccountId::from_raw(100 + 3 * accounts_.size());
    const AccountOpened opened{
        account, OwnerId::from_raw(7), parent, ProfileId::from_raw(1), kMargin, mode, {}};
    bool plain = mode != MarginMode::multi_asset;
    for (const BookAccount& other : accounts_) {
      if (other.opened.account == parent) plain = plain && other.plain;
    }
    accounts_.push_back({opened, {opened}, plain});
    return account;
  }
  void deposit(std::int64_t amount, AssetId asset = kMargin) {
    say(Deposited{last().account, Amount::from_raw(amount),
                  ExternalId::from_raw(last().account.raw()), asset});
  }
  void fill(std::uint32_t instrument, std::int64_t quantity, std::int64_t price,
            PositionSide side = PositionSide::net) {
    say(TradeFilled{.account = last().account,
                    .instrument = InstrumentId::from_raw(instrument),
                    .quantity = Quantity::from_raw(quantity),
                    .price = Price::from_raw(price),
                    .fee = {},
                    .fill = ExternalId::from_raw(++fills_),
                    .side = side});
  }
  /// What no packed account can say.
  void tell(const InputBody& body) {
    accounts_.back().plain = false;
    say(body);
  }
  [[nodiscard]] const AccountOpened& last() const { return accounts_.back().opened; }
  [[nodiscard]] const std::vector<BookAccount>& accounts() const { return accounts_; }
  [[nodiscard]] std::size_t count(bool plain) const {
    std::size_t found = 0;
    for (const BookAccount& account : accounts_) found += account.plain == plain ? 1 : 0;
    return found;
  }

 private:
  void say(const InputBody& body) { accounts_.back().inputs.push_back(body); }

  std::vector<BookAccount> accounts_;
  std::uint64_t fills_{0};
};

// What makes an account one that has to be told.

InputBody leverage(const AccountOpened& account) {
  return LeverageRequested{account.account, InstrumentId::from_raw(3),
                           Rate::from_raw(20 * kRateOne)};
}
InputBody order(const AccountOpened& account) {
  return OrderRequested{.account = account.account,
                        .instrument = InstrumentId::from_raw(3),
                        .quantity = Quantity::from_raw(-40),
                        .limit = Price::from_raw(50),
                        .order = ExternalId::from_raw(9),
                        .side = PositionSide::long_side,
                        .reduce_only = ReduceOnly::yes,
                        .state = OrderState::resting};
}
InputBody top_up(const AccountOpened& account) {
  return AccountModeRequested{account.account, account.asset, account.mode, account.position_mode,
                              AutoTopUp::on};
}
InputBody debt(const AccountOpened& account) {
  return BalanceImported{account.account, kOther, Amount::from_raw(-6)};
}
InputBody fill_with_fee(const AccountOpened& account) {
  return TradeFilled{
      account.account,      InstrumentId::from_raw(3), Quantity::from_raw(4), Price::from_raw(5),
      Amount::from_raw(-1), ExternalId::from_raw(77),  PositionSide::net,     {}};
}
InputBody fill_of_order(const AccountOpened& account) {
  return TradeFilled{account.account,
                     InstrumentId::from_raw(3),
                     Quantity::from_raw(4),
                     Price::from_raw(5),
                     {},
                     ExternalId::from_raw(78),
                     PositionSide::net,
                     ExternalId::from_raw(9)};
}
InputBody deposit_elsewhere(const AccountOpened& account) {
  return Deposited{account.account, Amount::from_raw(8),
                   ExternalId::from_raw(account.account.raw()), kOther};
}
InputBody deposit_again(const AccountOpened& account) {
  return Deposited{account.account, Amount::from_raw(8),
                   ExternalId::from_raw(account.account.raw()), account.asset};
}

using Telling = InputBody (*)(const AccountOpened&);
constexpr std::array<Telling, 7> kTellings{leverage,      order,         top_up,           debt,
                                           fill_with_fee, fill_of_order, deposit_elsewhere};

/// One account of every kind, plain ones and others by turns.
Book book_of_all_kinds() {
  Book book;
  const AccountId plain = book.open();
  book.deposit(1'000);
  book.fill(0, 5, 61'800);
  book.fill(4, -7, 3'400);
  const AccountId multi = book.open(MarginMode::multi_asset);
  book.deposit(2'000);
  book.fill(0, 6, 61'800);
  book.open();  // with nothing
  book.open();
  book.fill(1, 1, 2);  // without a balance
  book.open(MarginMode::isolated, plain);
  book.deposit(300);
  book.fill(1, 9, 10, PositionSide::long_side);
  book.fill(1, -8, 11, PositionSide::short_side);
  book.open(MarginMode::cross, multi);  // told itself, since its parent comes later
  book.deposit(5);
  for (const Telling telling : kTellings) {
    const AccountId told = book.open();
    book.deposit(40);
    book.tell(telling(book.last()));
    book.fill(2, 3, 4);
    book.open(MarginMode::isolated, told);
    book.open(MarginMode::isolated, plain);
    book.deposit(6);
  }
  book.open();
  book.deposit(1);
  book.tell(deposit_again(book.last()));
  book.open();
  book.fill(1, 2, 3);
  book.tell(deposit_again(book.last()));  // after a fill
  return book;
}

AccountId some_parent(const Book& book, support::Random& random) {
  const BookAccount& parent = book.accounts()[random.below(book.accounts().size())];
  return parent.opened.parent.raw() == 0 ? parent.opened.account : AccountId{};
}

Book random_book(std::uint64_t seed) {
  support::Random random{seed};
  Book book;
  const std::int64_t accounts = random.between(0, 60);
  for (std::int64_t i = 0; i < accounts; ++i) {
    const bool child = i > 0 && random.chance(300);
    const AccountId parent = child ? some_parent(book, random) : AccountId{};
    const bool multi = parent.raw() == 0 && random.chance(150);
    book.open(multi ? MarginMode::multi_asset : MarginMode::cross, parent);
    if (random.chance(800)) book.deposit(random.between(1, std::int64_t{1} << 60));
    for (std::int64_t lines = random.between(0, 5); lines > 0; --lines) {
      book.fill(static_cast<std::uint32_t>(random.below(40)), random.between(-9'000, 9'000),
                random.between(1, std::int64_t{1} << 60),
                random.pick(std::array{PositionSide::net, PositionSide::long_side,
                                       PositionSide::short_side}));
    }
    if (random.chance(250)) book.tell(random.pick(kTellings)(book.last()));
  }
  return book;
}

std::string text_of(const InputBody& body) {
  return support::describe(Input{.sequence = {}, .time = {}, .origin = {}, .body = body});
}

/// What the book must come back as: its plain accounts, whose fills are numbered anew, then the
/// others as they were.
std::vector<std::string> expected_of(const Book& book) {
  std::vector<std::string> lines;
  std::uint64_t fills = 0;
  for (const bool plain : {true, false}) {
    for (const BookAccount& account : book.accounts()) {
      if (account.plain != plain) continue;
      for (InputBody body : account.inputs) {
        auto* fill = std::get_if<TradeFilled>(&body);
        if (plain && fill != nullptr) fill->fill = ExternalId::from_raw(++fills);
        lines.push_back(text_of(body));
      }
    }
  }
  return lines;
}

std::vector<std::string> contents_of(const PackedBook& book) {
  std::vector<std::string> lines;
  book.openings().for_each_input([&](const InputBody& body) { lines.push_back(text_of(body)); });
  for (const InputBody& body : book.rest()) lines.push_back(text_of(body));
  return lines;
}

/// A file that is gone after the test.
class PackedBookTest : public ::testing::Test {
 protected:
  PackedBookTest() {
    path_ =
        (std::filesystem::temp_directory_path() / ("plimsoll-book-" + std::to_string(::getpid())))
            .string();
  }
  ~PackedBookTest() override { std::remove(path_.c_str()); }

  void pack(const Book& book) const {
    BookPacker packer;
    for (const BookAccount& account : book.accounts()) {
      for (const InputBody& body : account.inputs) packer.add(body);
    }
    ASSERT_EQ(packer.write(path_, kHash), "");
    EXPECT_EQ(packer.packed(), book.count(true));
    EXPECT_EQ(packer.told(), book.count(false));
  }
  void expect_back(const Book& book) const {
    ASSERT_NO_FATAL_FAILURE(pack(book));
    const PackedBook packed{path_};
    ASSERT_EQ(packed.error(), "");
    EXPECT_TRUE(PackedBook::is_packed(path_));
    EXPECT_EQ(packed.reference_hash(), kHash);
    EXPECT_EQ(packed.openings().accounts.size(), book.count(true));
    EXPECT_EQ(contents_of(packed), expected_of(book));
  }
  [[nodiscard]] std::string bytes() const {
    std::ifstream file{path_, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  void write_bytes(const std::string& text) const {
    std::ofstream{path_, std::ios::binary} << text;
  }
  /// The file is refused by its name, and for `reason`.
  void expect_refused(const std::string& text, const std::string& reason) const {
    write_bytes(text);
    const PackedBook packed{path_};
    EXPECT_TRUE(packed.error().starts_with(path_ + ": ")) << packed.error();
    EXPECT_NE(packed.error().find(reason), std::string::npos)
        << packed.error() << " lacks " << reason;
  }

  std::string path_;
};

/// A small file with everything in it.
Book small_book() {
  Book book;
  book.open();
  book.deposit(1'000);
  book.fill(0, 5, 61'800);
  book.fill(4, -7, 3'400);
  book.open();
  book.fill(2, 1, 2);
  book.open();
  book.tell(order(book.last()));
  return book;
}

/// A text with an integer in it changed, and the checksum that is then right.
template <class Integer>
std::string with(std::string text, std::size_t place, Integer value) {
  std::memcpy(text.data() + place, &value, sizeof value);
  const std::string body = text.substr(kHeader);
  const auto sum = static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(body.data()), body.size()));
  std::memcpy(text.data() + kChecksumAt, &sum, sizeof sum);
  return text;
}

TEST_F(PackedBookTest, EveryKindOfAccountComesBackPlainOnesFirst) {
  const Book book = book_of_all_kinds();
  EXPECT_EQ(book.count(true), 4 + kTellings.size());
  expect_back(book);
}

TEST_F(PackedBookTest, EveryRandomBookComesBackWhole) {
  std::size_t plain = 0;
  std::size_t told = 0;
  std::size_t inputs = 0;
  constexpr std::uint64_t kSeeds = 200;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const ::testing::ScopedTrace trace{__FILE__, __LINE__, "seed " + std::to_string(seed)};
    const Book book = random_book(seed);
    ASSERT_NO_FATAL_FAILURE(expect_back(book));
    if (HasFailure()) return;
    plain += book.count(true);
    told += book.count(false);
    inputs += expected_of(book).size();
  }
  std::cout << kSeeds << " books, " << plain << " accounts packed, " << told << " told, " << inputs
            << " inputs\n";
  EXPECT_GT(plain, 1'000U);
  EXPECT_GT(told, 1'000U);
}

TEST_F(PackedBookTest, AnEmptyBookComesBackEmpty) {
  expect_back({});
  EXPECT_EQ(bytes().size(), kHeader);
}

TEST_F(PackedBookTest, ABookOfToldAccountsAloneComesBackAsItWas) {
  Book book;
  for (const Telling telling : kTellings) {
    book.open();
    book.fill(2, 3, 4);
    book.tell(telling(book.last()));
  }
  expect_back(book);
}

TEST_F(PackedBookTest, ASubAccountOfAToldParentIsToldAfterIt) {
  Book book;
  const AccountId parent = book.open(MarginMode::multi_asset);
  book.open(MarginMode::isolated, parent);
  book.deposit(4);
  EXPECT_EQ(book.count(true), 0U);
  expect_back(book);
}

TEST_F(PackedBookTest, NoFlippedBitIsAcceptedSilently) {
  const Book book = small_book();
  pack(book);
  const std::string whole = bytes();
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    const std::size_t place = bit / 8;
    std::string damaged = whole;
    damaged[place] = static_cast<char>(damaged[place] ^ (1 << (bit % 8)));
    write_bytes(damaged);
    const PackedBook packed{path_};
    if (!packed.error().empty()) {
      ASSERT_TRUE(packed.error().starts_with(path_ + ": ")) << packed.error();
      continue;
    }
    const bool of_hash = place >= kHashAt && place < kAccountsAt;
    const bool unused = place >= kUnusedAt && place < kHeader;
    ASSERT_TRUE(of_hash || unused) << "bit " << bit << " of byte " << place;
    // The hash is for who opens the book to compare.
    ASSERT_EQ(packed.reference_hash() == kHash, !of_hash);
    ASSERT_EQ(contents_of(packed), expected_of(book));
  }
}

TEST_F(PackedBookTest, CutAtAnyByteOrLongerItIsRefused) {
  pack(small_book());
  const std::string whole = bytes();
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    expect_refused(whole.substr(0, cut), "is cut");
    ASSERT_FALSE(HasFailure()) << "cut at " << cut;
  }
  expect_refused(whole + '\0', "is longer than it says, by 1 bytes");
  expect_refused(whole + whole, "is longer than it says");
}

TEST_F(PackedBookTest, CountsThatNoFileCanHaveAreRefused) {
  pack(small_book());
  const std::string whole = bytes();
  for (std::size_t count = kAccountsAt; count < kChecksumAt; count += 8) {
    for (const std::uint64_t huge : {~std::uint64_t{0}, std::uint64_t{1} << 63U,
                                     std::uint64_t{1} << 60U, std::uint64_t{1} << 32U}) {
      expect_refused(with(whole, count, huge), "is cut");
    }
    expect_refused(with(whole, count, std::uint64_t{0}), "is longer than it says");
  }
}

TEST_F(PackedBookTest, ContradictionsAreRefusedThoughTheChecksumIsRight) {
  pack(small_book());
  const std::string whole = bytes();
  const std::size_t lines_of_first = kHeader + 40;
  expect_refused(with(whole, lines_of_first, std::uint32_t{3}), "holds 3 lines, its accounts 4");
  expect_refused(with(whole, lines_of_first, std::uint32_t{1}), "holds 3 lines, its accounts 2");
  expect_refused(with(whole, lines_of_first, ~std::uint32_t{0}), "holds 3 lines, its accounts");
  const std::size_t rest = kHeader + 2 * sizeof(PackedAccount) + 3 * sizeof(OpeningLine);
  const auto length = static_cast<std::uint8_t>(whole.at(rest));
  expect_refused(with(whole, rest, std::uint8_t{0}), "is cut in the inputs at its end");
  expect_refused(with(whole, rest, std::uint8_t{255}), "is cut in the inputs at its end");
  const std::size_t last = rest + 1 + length;
  const auto longer = static_cast<std::uint8_t>(whole.size() - last);  // by one than it is
  expect_refused(with(whole, last, longer), "is cut in the inputs at its end");
  for (const int other : {length - 1, length + 1, 1}) {
    expect_refused(with(whole, rest, static_cast<std::uint8_t>(other)),
                   "an input that is of no book");
  }
  const std::uint64_t with_one_more = whole.size() - rest + 1;
  expect_refused(with(with(whole + '\0', last, longer), kRestAt, with_one_more),
                 "holds an input that is of no book");
  const auto kinds = static_cast<std::uint8_t>(std::variant_size_v<InputBody>);
  expect_refused(with(whole, rest + 1, kinds), "holds an input that is of no book");
  expect_refused(with(whole, rest + 1, std::uint8_t{255}), "holds an input that is of no book");
  // A whole one that a book has no use for.
  const auto no_input = static_cast<std::uint8_t>(InputBody{TimeAdvanced{}}.index());
  const std::string idle = whole.substr(0, rest) + '\1' + static_cast<char>(no_input);
  expect_refused(with(idle, kRestAt, std::uint64_t{2}), "holds an input that is of no book");
}

TEST_F(PackedBookTest, AForeignOrMissingFileIsNamed) {
  const std::string text(100, 'x');
  expect_refused(text, "is not a packed book");
  EXPECT_FALSE(PackedBook::is_packed(path_));
  pack(small_book());
  std::string other = bytes();
  other[7] = '2';
  expect_refused(other, "is a packed book of another format than 1");
  EXPECT_TRUE(PackedBook::is_packed(path_));
  const PackedBook missing{"/nonexistent/book"};
  EXPECT_TRUE(missing.error().starts_with("/nonexistent/book: cannot be read")) << missing.error();
  EXPECT_FALSE(PackedBook::is_packed("/nonexistent/book"));
  const std::string folder = std::filesystem::temp_directory_path().string();
  EXPECT_NE(PackedBook{folder}.error().find(folder + ": "), std::string::npos);
  EXPECT_FALSE(PackedBook::is_packed(folder));
}

TEST(BookPacker, SaysWhereItCannotWrite) {
  BookPacker packer;
  const std::string error = packer.write("/nonexistent/folder/book", kHash);
  EXPECT_NE(error.find("/nonexistent/folder/book"), std::string::npos) << error;
}

}  // namespace
}  // namespace plimsoll::log
