#pragma once

#include <memory>
#include <vector>

#include "bench/bands_markets.hpp"
#include "engine/core/shard.hpp"
#include "engine/lifecycle/lifecycle.hpp"

// Engines that say the same of a book, each in its own way.

namespace plimsoll::bench {

/// A tick comes, events go.
class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;
  virtual void open(std::uint64_t number, const BandAccount& account) = 0;
  /// After all accounts are open.
  virtual void start() {}
  virtual void apply(const MarkMove& move, EventTime time, std::vector<Event>& out) = 0;
  /// Looks at everything there is; is it in order?
  [[nodiscard]] virtual bool walk() const = 0;
  /// What its bands had to do so far, if it has any.
  [[nodiscard]] virtual watch::BandCounters work() const { return {}; }
};

/// The product: one shard.
class Banded final : public Engine {
 public:
  explicit Banded(const reference::Reference& reference);
  void open(std::uint64_t number, const BandAccount& account) override;
  void start() override;
  void apply(const MarkMove& move, EventTime time, std::vector<Event>& out) override;
  [[nodiscard]] bool walk() const override;
  [[nodiscard]] watch::BandCounters work() const override { return shard_->bands().counters(); }
  void watch_as(watch::Mode mode) noexcept { shard_->watch_as(mode); }
  [[nodiscard]] const core::Shard& shard() const noexcept { return *shard_; }

 private:
  void open_packed();

  std::unique_ptr<core::Shard> shard_;
  std::vector<Event> ignored_;
  std::vector<PackedAccount> packed_;  // to be opened at once
  std::vector<OpeningLine> lines_;
};

/// A book with the product's own life of accounts, and someone else to say who is judged.
class Rival : public Engine {
 public:
  explicit Rival(const reference::Reference& reference);
  void open(std::uint64_t number, const BandAccount& account) override;
  void apply(const MarkMove& move, EventTime time, std::vector<Event>& out) final;
  [[nodiscard]] bool walk() const override {
    return ledger_.conservation_gap(AssetId::from_raw(0)) == 0;
  }

 protected:
  /// Looks at all holders of a contract whose price has moved so many ticks; judges where something
  /// is to be said.
  virtual void look(std::uint32_t contract, std::int64_t ticks) = 0;
  /// What a judgement has found.
  virtual void note(std::uint32_t account, const margin::Findings& findings) = 0;
  void judge_all(const std::vector<std::uint32_t>& accounts);

  std::vector<BandAccount> accounts_;
  std::vector<std::int64_t> prices_;  // by contract, in ticks
  std::vector<std::uint32_t> due_;    // to be judged at the tick at hand

 private:
  ledger::Ledger ledger_;
  marks::Marks marks_;
  lifecycle::Lifecycle lifecycle_;
  Cause cause_;
  std::vector<Event>* out_{nullptr};
};

/// (b) Recomputes the margin of each holder from a record of one cache line, fetched ahead.
class Recomputing final : public Rival {
 public:
  explicit Recomputing(const reference::Reference& reference);
  void start() override;

 private:
  struct alignas(64) Record {
    std::int64_t cash{0};            // balance less entry values
    std::int32_t floor_factor{0};    // tenths of maintenance, that the equity has to be above
    std::int32_t ceiling_factor{0};  // and below; 0: none
    std::array<std::uint8_t, kLines> contract{};
    std::array<std::int32_t, kLines> quantity{};
    bool over{false};
  };
  void look(std::uint32_t contract, std::int64_t ticks) override;
  void note(std::uint32_t account, const margin::Findings& findings) override;

  std::vector<Record> records_;
  std::vector<std::vector<std::uint32_t>> holders_;
};

/// (c) Adds to each holder's excess what the move has changed, in exact integers.
class Incremental final : public Rival {
 public:
  explicit Incremental(const reference::Reference& reference);
  void start() override;

 private:
  struct Holder {
    std::int64_t slope;  // of the excess, a tick of the price
    std::uint32_t account;
    std::uint32_t call{0};  // of which it is, in the lists of called accounts
  };
  void look(std::uint32_t contract, std::int64_t ticks) override;
  void note(std::uint32_t account, const margin::Findings& findings) override;

  std::vector<std::int64_t> excess_;  // by account; below 0: to be judged
  std::vector<std::vector<Holder>> holders_;
  std::vector<std::array<std::uint32_t, kLines>> places_;  // by account, in the lists
  // The same of called accounts and what would meet the call.
  std::vector<std::int64_t> missing_;
  std::vector<std::vector<Holder>> called_;
  std::vector<std::uint32_t> call_;  // by account: the number of the open call, or 0
  std::uint32_t calls_{0};
};

}  // namespace plimsoll::bench
