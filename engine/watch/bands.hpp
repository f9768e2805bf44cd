#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "engine/base/assert.hpp"
#include "engine/base/prefetch.hpp"
#include "engine/watch/certificate.hpp"

namespace plimsoll::watch {

/// What the bands had to do; part of no event or hash.
struct BandCounters {
  std::uint64_t touches{0};    // accounts whose band a price has left
  std::uint64_t exhausted{0};  // of them, those that their certificates could not clear
  std::uint64_t storms{0};     // moves that touched so many that their bands were left for later
  std::uint64_t swept{0};      // looks at certificates without bands
  std::uint64_t tidied{0};     // buckets whose holes had to be filled at once
};

/// The safe bands of all accounts of a shard, and who has to be looked at when a price leaves them.
///
/// A certificate is proved once, by a valuation, and kept in two cache lines. Out of its excess
/// each of its sides gets a budget, which puts an edge on the factor's price; the edges stand in
/// buckets, by factor and direction. A move takes the edges that it crosses. What the certificate
/// still leaves is then budgeted anew, without looking at the account; only when nothing is left
/// does the account have to be judged, exactly, and certified again.
///
/// Storms: where one move takes very many edges, new ones are left for later. Their accounts are
/// adrift: what their certificates leave is computed at every move, one after the other in a stream
/// that moves nothing. Once a move takes few again, they get their edges, some at each move.
///
/// Budgets follow the market: of two sides the one whose price moves faster, or drifts that way,
/// gets more, so that all would wear out together. That choice proves nothing and decides nothing.
///
/// Prices are kept on a grid of 2^-25 of what they were first, rounded to the side that hurts. Sums
/// are made in double, less 1e-12 of all that was added: some thousand times what rounding can do.
///
/// One thread. Nothing allocates as long as the accounts and positions stay within the limits, and
/// certificates fill no more than a block an account and another for each four positions.
class Bands {
 public:
  Bands(std::size_t factors, std::size_t accounts, std::size_t positions);

  void open() { first_.push_back(kNone); }
  /// Gets what is known of an account that is soon judged into the processor's cache; then, a
  /// little later, its first block.
  void fetch(std::uint32_t account) const noexcept { prefetch(&first_[account]); }
  void fetch_certificate(std::uint32_t account) const noexcept {
    if (first_[account] != kNone) fetch_block(first_[account]);
  }
  /// Forgets what was certified of an account.
  void clear(std::uint32_t account) noexcept;
  /// Adds a certificate at the present prices. REQUIRES: all of its factors have one.
  void add(std::uint32_t account, const Certificate& certificate);
  /// The account is to be judged at any move of these factors.
  void add_always(std::uint32_t account, std::span<const Factor> factors);

  /// A factor's price is now that. Returns whether it has gone so far that all its holders have to
  /// be certified again.
  [[nodiscard]] bool move(Factor factor, Price price) noexcept;
  /// Calls judge(account) for everyone whose band the factor's price has left and whose certificate
  /// leaves nothing. It has to clear the account and may add to it. Some time before come
  /// fetch(account, false) and, nearer, fetch(account, true).
  template <class Fetch, class Judge>
  void cross(Factor factor, Fetch&& fetch, Judge&& judge) {
    touched_.clear();
    spent_.clear();
    collect(list_of(factor, Direction::falls));
    collect(list_of(factor, Direction::rises));
    if (touched_.empty() && adrift_.empty()) return;
    counters_.touches += touched_.size();
    if (touched_.size() > storm_ || !adrift_.empty()) weather(factor);
    settle_all(touched_, [&](std::uint32_t side) { spend(side / kSides); });
    counters_.exhausted += spent_.size();
    batch([&] {
      for (std::size_t i = 0; i < spent_.size() + 2 * kAhead; ++i) {
        if (i < spent_.size()) fetch(spent_[i], false);
        if (const std::size_t k = i - kAhead; k < spent_.size()) fetch(spent_[k], true);
        if (const std::size_t k = i - 2 * kAhead; k < spent_.size()) judge(spent_[k]);
      }
    });
  }
  /// Certificates that are added within work() get their budgets many at a time, in a pipeline.
  template <class Work>
  void batch(Work&& work) {
    if (adding_) return work();
    adding_ = true;
    work();
    adding_ = false;
    settle_added();
  }

  [[nodiscard]] const BandCounters& counters() const noexcept { return counters_; }
  /// Bytes in use.
  [[nodiscard]] std::size_t bytes() const noexcept;
  /// Has no storm left anybody without bands?
  [[nodiscard]] bool calm() const noexcept { return adrift_.empty(); }

  /// Are all lists what they should be? Walks everything: for tests.
  [[nodiscard]] bool consistent() const;

 private:
  // A key is a price on the grid, for falling prices; for rising ones its complement. Either way a
  // band is left when its edge is above the key of the price.
  using Key = std::uint32_t;
  using BlockIndex = std::uint32_t;
  using BucketIndex = std::uint32_t;
  using List = std::uint32_t;

  static constexpr std::uint32_t kNone = 0xffffffffU;
  static constexpr Key kAlways = 0xffffffffU;  // an edge that every move crosses
  static constexpr Key kNearest = kAlways - 1;
  static constexpr Key kHole = 0;  // no edge: no key is below it
  static constexpr int kGridBits = 25;
  static constexpr std::uint32_t kSides = 4;
  static constexpr std::size_t kAhead = 4;
  static constexpr std::size_t kBatch = 512;  // certificates that the cache still holds
  static constexpr std::size_t kPlans = 32;
  static constexpr std::size_t kLanding = 8;  // moves in which those adrift get edges again
  static_assert(kPlans > 2 * kAhead);
  static constexpr std::size_t kEntries = 7;
  static constexpr std::uint32_t kAllHoles = (1U << kEntries) - 1;
  // Places of a side that stands in no bucket.
  static constexpr std::uint32_t kUnused = 0xffffffffU;
  static constexpr std::uint32_t kTaken = 0xfffffffeU;   // a move has taken it
  static constexpr std::uint32_t kAdrift = 0xfffffffdU;  // likewise, and it is to stay so for now

  /// One certificate of up to four sides; a longer one goes on in the next block.
  struct alignas(64) Block {
    double floor;
    std::uint32_t account;
    std::uint32_t next;  // block of the same account
    std::array<List, kSides> list;
    std::array<Key, kSides> base;
    std::array<Key, kSides> limit;
    std::array<Key, kSides> edge;
    std::array<std::uint32_t, kSides> place;  // chunk * 8 + slot
    std::array<float, kSides> slope;
    std::array<float, kSides> gain;
  };
  static_assert(sizeof(Block) == 128);
  // Flags in what would otherwise never be set.
  static constexpr std::uint32_t kPart = 0x80000000U;  // in `account`: goes on from another block
  static constexpr List kTwin = 0x80000000U;
  static constexpr std::uint32_t kGoesOn = 0x80000000U;  // in `next`: of the same certificate

  /// Edges of a bucket. One that goes leaves a hole, so that no other has to move.
  struct alignas(64) Chunk {
    std::uint32_t next;  // around the bucket's ring
    std::uint32_t before;
    std::array<Key, kEntries> edges;            // kHole: there is none
    std::array<std::uint32_t, kEntries> sides;  // block * 4 + side

    /// A bit for each edge that is above a key, or for each hole.
    [[nodiscard]] std::uint32_t above(Key key) const noexcept;
    [[nodiscard]] std::uint32_t holes() const noexcept;
  };
  static_assert(sizeof(Chunk) == 64);

  /// A ring of chunks. Holes are filled in the one that it points at; that full, it points at the
  /// next, and if that has none, a new one comes after it.
  struct Bucket {
    std::uint32_t chunk{kNone};
    Key nearest{0};  // at least the highest edge in it
  };

  /// A block whose certificate is looked at whenever one of its factors moves.
  struct Adrift {
    BlockIndex block;
    std::uint64_t factors;  // bits of all of them; others may share one
  };
  static constexpr std::uint64_t kAllFactors = ~std::uint64_t{0};
  [[nodiscard]] static std::uint64_t bit_of(Factor factor) noexcept {
    return std::uint64_t{1} << (factor % 64);
  }

  /// One factor in one direction.
  struct State {
    Key key{0};
    BucketIndex frontier{0};  // no bucket above it has an edge, but for the last one
    float drift{0};           // grid units a tick of the market, in this direction
    float spread{0};          // grid units in the square root of a tick
  };
  /// How a factor moves.
  struct Pace {
    std::int64_t unit{0};       // of the grid
    Price price;                // the last
    std::array<Key, 2> keys{};  // of that price, by direction
    std::int64_t at{0};         // on the grid
    std::uint64_t seen{0};
    double mean{0};      // a tick of the market
    double variance{0};  // likewise
  };

  [[nodiscard]] static List list_of(Factor factor, Direction direction) noexcept {
    return 2 * factor + static_cast<List>(direction);
  }
  [[nodiscard]] static bool rises(List list) noexcept { return (list & 1U) != 0; }
  /// The bucket of an edge. A list's buckets ascend; the last is for those that every move crosses.
  [[nodiscard]] BucketIndex bucket_of(List list, Key edge) const noexcept {
    if (edge == kAlways) return list * (bucket_count_ + 1) + bucket_count_;
    return bucket_below(list, edge);
  }
  /// The same of any other edge. Of rising prices the complement counts, from the last bucket on;
  /// what is too far for any is in the farthest.
  [[nodiscard]] BucketIndex bucket_below(List list, Key edge) const noexcept {
    const std::uint32_t flip = 0U - (list & 1U);
    const std::uint32_t at = std::min((edge ^ flip) >> bucket_shift_, bucket_count_ - 1);
    return list * (bucket_count_ + 1) + (at ^ (flip & (bucket_count_ - 1)));
  }
  /// The key of a price from which losses count: rounded to the side where it hurts earlier.
  [[nodiscard]] Key key_of(List list, Price price) const noexcept;

  [[nodiscard]] BlockIndex take_block(std::uint32_t account);
  /// A free chunk, in a bucket's ring after the one it points at; it then points at that.
  [[gnu::noinline]] std::uint32_t add_chunk(Bucket& bucket);
  [[gnu::noinline]] void give_back(Bucket& bucket, std::uint32_t chunk) noexcept;
  /// Fills the holes of bucket after bucket until a chunk is free, or there are no more holes.
  void tidy();
  void tidy(Bucket& bucket) noexcept;
  void insert(BlockIndex block, std::size_t side, Key edge, BucketIndex to);
  void remove(BlockIndex block, std::size_t side) noexcept;
  /// Leaves all sides of a block in no bucket.
  void take_out(BlockIndex block) noexcept;
  /// Takes all sides whose edges the list's price has crossed out of their buckets.
  void collect(List list);
  void take(Chunk& chunk, std::size_t slot);
  /// Takes the edges above a key; what is left of them, at most, is then nearest.
  void take_above(Bucket& from, Key key);
  /// Of the sides of a block: where their prices are, and how they move.
  struct Outlook {
    std::array<Key, kSides> key;
    std::array<float, kSides> drift;
    std::array<float, kSides> spread;
  };
  [[nodiscard]] Outlook outlook_of(const Block& block) const noexcept;
  /// What is left of a certificate, and how fast it would go.
  struct Spending {
    double left{0};
    double moved{0};  // of what was added to it and taken from it
    double drifting{0};
    double spreading{0};
    double last_drift{0};  // of the last side: the next may be its twin
    double last_spread{0};
  };
  /// False: a price is beyond a limit.
  [[nodiscard]] static bool add_sides(const Block& block, const Outlook& outlook,
                                      Spending& spending) noexcept;
  /// In t ticks a side is to lose drift * t + spread * sqrt(t); all of them together, what is left.
  /// That is the root of t; 0: nothing is left.
  [[nodiscard]] static double root_of(const Spending& spending) noexcept;
  [[nodiscard]] double budget_of(BlockIndex first) const noexcept;
  /// What is to become of the edges of one block.
  struct Moves {
    std::array<Key, kSides> edge{};
    std::array<BucketIndex, kSides> to{};  // kNone: it stays where it is
  };
  void plan_moves(const Block& block, const Outlook& outlook, double root,
                  Moves& moves) const noexcept;
  [[gnu::flatten]] void make_moves(BlockIndex block, const Moves& moves);
  /// Budgets a certificate anew; false: it leaves nothing.
  [[nodiscard]] bool budget(BlockIndex first);
  /// Is a block all of its certificate?
  [[nodiscard]] bool is_whole(BlockIndex block) const noexcept {
    return (blocks_[block].next & kGoesOn) == 0 && (blocks_[block].account & kPart) == 0;
  }
  /// The first block of a block's certificate.
  [[nodiscard]] BlockIndex begin_of(BlockIndex block) const noexcept {
    return is_whole(block) ? block : search_begin(block);
  }
  [[nodiscard]] BlockIndex search_begin(BlockIndex block) const noexcept;
  /// What is to become of a certificate of which a move has taken a side.
  struct Plan {
    bool left{false};
    BlockIndex block{kNone};
    bool whole{false};  // it has one block, and this is what becomes of its edges
    Moves moves;
  };
  [[gnu::flatten]] void plan(std::uint32_t side, Plan& plan) const;
  /// Carries it out; false: nothing is left.
  [[nodiscard]] bool settle(std::uint32_t side, const Plan& plan);
  /// Budgets the certificates of sides anew, and calls nothing_left(side) where that fails. A
  /// pipeline: each stage fetches what the next one needs.
  template <class NothingLeft>
  void settle_all(const std::vector<std::uint32_t>& sides, NothingLeft&& nothing_left) {
    for (std::size_t i = 0; i < sides.size() + 3 * kAhead; ++i) {
      if (i < sides.size()) fetch_block(sides[i] / kSides);
      if (const std::size_t k = i - kAhead; k < sides.size()) plan(sides[k], plans_[k % kPlans]);
      if (const std::size_t k = i - 2 * kAhead; k < sides.size()) fetch_chunks(plans_[k % kPlans]);
      if (const std::size_t k = i - 3 * kAhead; k < sides.size()) {
        if (!settle(sides[k], plans_[k % kPlans])) nothing_left(sides[k]);
      }
    }
  }
  void settle_added() {
    settle_all(added_, [this](std::uint32_t side) { promise_nothing(side / kSides); });
    added_.clear();
  }
  /// Leaves a block's certificate in no bucket. Returns its account.
  std::uint32_t give_up(BlockIndex block) noexcept;
  /// Its account is to be judged: nothing is left.
  void spend(BlockIndex block) { spent_.push_back(give_up(block)); }
  /// Sets those adrift whose sides a storm has taken, or lets some of those adrift be settled with
  /// the sides that were taken. Spends those adrift with nothing left.
  void weather(Factor factor);
  /// Looks at those adrift, from one on, who depend on any of the factors, and settles so many.
  void sweep(std::size_t first, std::uint64_t factors, std::size_t landing);
  void set_adrift(std::uint32_t side);
  /// A side of the block that is adrift, or kSides.
  [[nodiscard]] std::size_t adrift_side(BlockIndex block) const noexcept;
  /// From now on every move of a certificate's factors counts.
  void promise_nothing(BlockIndex first);
  void set_pace(Factor factor) noexcept;

  void fetch_block(BlockIndex block) const noexcept { prefetch_object(blocks_[block]); }
  void fetch_chunks(const Plan& plan) const noexcept;

  std::uint32_t bucket_count_{0};  // a list; one more is for edges that every move crosses
  int bucket_shift_{0};
  std::vector<State> states_;  // by list, and one for sides that are not used
  std::vector<Pace> paces_;    // by factor
  std::vector<Bucket> buckets_;
  std::vector<Block> blocks_;
  std::uint32_t free_block_{kNone};
  std::vector<Chunk> chunks_;
  std::uint32_t free_chunk_{kNone};
  std::size_t tidied_{0};  // the bucket that was tidied last
  std::size_t used_blocks_{0};
  std::size_t used_chunks_{0};
  std::vector<std::uint32_t> first_;    // by account: its first block
  std::vector<std::uint32_t> touched_;  // of the move at hand
  std::vector<std::uint32_t> spent_;
  std::vector<Adrift> adrift_;
  std::size_t landing_{0};            // so many of them get edges at a move
  std::size_t storm_{0};              // a move that takes more edges is one
  std::vector<std::uint32_t> added_;  // first sides of the certificates added meanwhile
  bool adding_{false};
  std::array<Plan, kPlans> plans_{};  // of the sides that are on their way
  std::uint64_t clock_{0};
  BandCounters counters_;
};

}  // namespace plimsoll::watch
