#include "engine/configuration/read_sections.hpp"

namespace plimsoll::configuration {
namespace {

using reference::AfterFreeze;
using reference::Breaker;
using reference::Guard;
using reference::Index;
using reference::IndexMethod;
using reference::Instrument;
using reference::MarkMethod;
using reference::MarkRules;
using reference::Reference;
using reference::Source;
using reference::SourceField;

constexpr std::int64_t kCountMax = 1'000'000;

constexpr Choices<AfterFreeze, 2> kAfterFreezes{
    {{"wait", AfterFreeze::wait}, {"accept", AfterFreeze::accept}}};
constexpr Choices<IndexMethod, 3> kIndexMethods{{{"mean", IndexMethod::mean},
                                                 {"weighted", IndexMethod::weighted},
                                                 {"median", IndexMethod::median}}};
constexpr Choices<SourceField, 4> kSourceFields{{{"quote", SourceField::quote},
                                                 {"trade", SourceField::trade},
                                                 {"mark", SourceField::mark},
                                                 {"index", SourceField::index}}};
constexpr Choices<MarkMethod, reference::kMarkMethods.size()> kMarks = [] {
  Choices<MarkMethod, reference::kMarkMethods.size()> choices{};
  for (std::size_t i = 0; i < choices.size(); ++i) {
    choices[i] = {to_string(reference::kMarkMethods[i]), reference::kMarkMethods[i]};
  }
  return choices;
}();

bool read_rate(Section& section, std::string_view key, Need need, Rate& into) {
  return section.read_value(key, need, kRateDecimals, into);
}

/// Reads the name of an element of `list`. A mistake there is the one to mend first.
template <class Id, class Lookup>
void read_id(Section& section, std::string_view key, Need need, const char* list, Lookup look_up,
             Id& into) {
  if (need == Need::optional && !section.has(key)) return;
  std::string name;
  const bool named = section.read(key, Need::required, name);
  const int index = named ? look_up(name) : -1;
  if (index >= 0) {
    into = Id::from_raw(static_cast<std::uint32_t>(index));
    return;
  }
  if (named && section.report().sure(list)) section.refuse(key, "names no " + std::string{list});
  section.report().doubt(section.path() + "." + std::string{key});
}

void read_guard_id(Section& section, Need need, const Reference& reference, GuardId& into) {
  const auto look_up = [&](std::string_view name) { return find_guard(reference, name); };
  read_id(section, "guard", need, "guard", look_up, into);
}

void read_guards(Roots& roots, Reference& reference) {
  for (Section& section : read_list(roots, "guard", Need::optional)) {
    Guard guard;
    read_name(section, "name", guard.name);
    section.read("age_max", Need::optional, guard.age_max);
    section.read("skew_max", Need::optional, guard.skew_max);
    section.read("clock_error_max", Need::optional, guard.clock_error_max);
    read_rate(section, "spread_max", Need::optional, guard.spread_max);
    read_rate(section, "velocity_max", Need::optional, guard.velocity_max);
    section.read("velocity_window", Need::optional, guard.velocity_window);
    section.read("velocity_hold", Need::optional, guard.velocity_hold);
    section.read_count("velocity_sources", Need::optional, 1, kCountMax, guard.velocity_sources);
    read_rate(section, "freeze_width", Need::optional, guard.freeze_width);
    section.read("freeze_max", Need::optional, guard.freeze_max);
    section.read_choice("after", Need::optional, kAfterFreezes, guard.after);
    section.refuse_unknown();
    reference.guards.push_back(std::move(guard));
  }
}

Source read_source(Section& section, const Reference& reference) {
  Source source;
  read_name(section, "venue", source.venue);
  read_name(section, "symbol", source.symbol);
  if (section.has("name")) {
    read_name(section, "name", source.name);
  } else {
    source.name = source.venue + ":" + source.symbol;
  }
  section.read_choice("field", Need::required, kSourceFields, source.field);
  read_asset(section, "quote", Need::optional, reference, source.quote);
  read_rate(section, "weight", Need::optional, source.weight);
  section.refuse_unknown();
  return source;
}

Index read_index(Section& section, Reference& reference) {
  Index index;
  read_name(section, "name", index.name);
  read_asset(section, "asset", Need::optional, reference, index.asset);
  read_guard_id(section, Need::required, reference, index.guard);
  section.read_choice("method", Need::optional, kIndexMethods, index.method);
  read_rate(section, "clamp", Need::required, index.clamp);
  section.read_count("quorum", Need::required, 1, kCountMax, index.quorum);
  section.read_count("quarantine_after", Need::optional, 0, kCountMax, index.quarantine_after);
  section.read("quarantine_time", Need::optional, index.quarantine_time);
  section.read_value("price_max", Need::required, kPriceDecimals, index.price_max);
  const auto id = IndexId::from_raw(static_cast<std::uint32_t>(reference.indices.size()));
  for (Section& of_source : section.sections("sources", Need::required)) {
    reference.sources.push_back(read_source(of_source, reference));
    reference.sources.back().index = id;
  }
  section.refuse_unknown();
  return index;
}

/// Settlement at a mean of the index.
void read_settlement(Section& section, MarkRules& mark) {
  section.read("settlement_window", Need::optional, mark.settlement_window);
  section.read("settlement_step", Need::optional, mark.settlement_step);
  read_rate(section, "settlement_samples", Need::optional, mark.settlement_samples);
}

}  // namespace

void read_mark(Section& section, const Reference& reference, Instrument& instrument) {
  MarkRules& mark = instrument.mark;
  if (section.has("venue")) read_name(section, "venue", instrument.venue);
  section.read_choice("mark", Need::optional, kMarks, mark.method);
  read_guard_id(section, Need::optional, reference, mark.guard);
  const auto look_up = [&](std::string_view name) { return find_index(reference, name); };
  read_id(section, "index", Need::optional, "index", look_up, mark.index);
  section.read("basis_time", Need::optional, mark.basis_time);
  read_rate(section, "basis_max", Need::optional, mark.basis_max);
  section.read("funding_period", Need::optional, mark.funding_period);
  read_settlement(section, mark);
}

void read_price_rules(Roots& roots, Table of_index, Reference& reference) {
  read_guards(roots, reference);
  for (Section& section : read_list(roots, "index", Need::optional, of_index)) {
    reference.indices.push_back(read_index(section, reference));
  }
}

void read_breaker(Roots& roots, Breaker& breaker) {
  for (Section& root : roots) {
    Section section = root.section("breaker", Need::optional);
    section.read_count("liquidations_max", Need::optional, 0, kCountMax, breaker.liquidations_max);
    section.read("window", Need::optional, breaker.window);
    section.read("hold", Need::optional, breaker.hold);
    section.read("lag_max", Need::optional, breaker.lag_max);
    section.refuse_unknown();
  }
}

}  // namespace plimsoll::configuration
