#include "feeds/live/connection_plan.hpp"

#include <algorithm>
#include <cctype>
#include <span>

namespace plimsoll::feeds::live {
namespace {

constexpr std::string_view kSymbol{"{symbol}"};

/// One channel of one symbol.
struct Topic {
  std::string channel;
  std::string symbol;
};

/// The topics of one connection are those of one target.
struct Group {
  Url url;
  std::vector<Topic> topics;
};

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), with);
    at += with.size();
  }
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

bool is_safe(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '"' && c != '\\';
  });
}

std::string text_of(const VenueProfile& profile, const Topic& topic) {
  const bool whole = topic.channel.find(kSymbol) != std::string::npos;
  std::string text{whole ? std::string_view{topic.channel} : profile.topic};
  replace_all(text, "{channel}", topic.channel);
  replace_all(text, kSymbol, topic.symbol);
  return text;
}

/// "a","b"; what is an object already stays one.
void append_quoted(std::string& list, const std::string& item) {
  if (!list.empty()) list += ',';
  list += item.starts_with('{') ? item : '"' + item + '"';
}

std::string message(const VenueProfile& profile, std::span<const Topic> topics, std::size_t id) {
  std::string topic_list;
  std::string symbol_list;
  for (const Topic& topic : topics) {
    append_quoted(topic_list, text_of(profile, topic));
    append_quoted(symbol_list, topic.symbol);
  }
  std::string text{profile.subscribe};
  replace_all(text, "{id}", std::to_string(id));
  replace_all(text, "{channel}", topics.front().channel);
  replace_all(text, kSymbol, topics.front().symbol);
  replace_all(text, "{symbols}", symbol_list);
  replace_all(text, "{topics}", topic_list);
  return text;
}

/// How many of `topics` go into the next message.
std::size_t batch_of(const VenueProfile& profile, std::span<const Topic> topics) {
  std::size_t count = std::min(profile.batch_max, topics.size());
  if (profile.grouping != Grouping::per_channel) return count;
  const auto other = std::find_if(topics.begin(), topics.end(), [&](const Topic& topic) {
    return topic.channel != topics.front().channel;
  });
  return std::min(count, static_cast<std::size_t>(other - topics.begin()));
}

ConnectionPlan plan(const VenueProfile& profile, const Url& url, std::span<const Topic> topics) {
  ConnectionPlan planned{.venue = std::string{profile.name},
                         .url = url,
                         .opening = {},
                         .heartbeat = profile.heartbeat,
                         .message_size_max = profile.message_size_max};
  if (profile.grouping == Grouping::in_target) {
    std::string streams;
    for (const Topic& topic : topics) {
      streams += (streams.empty() ? "" : "/") + text_of(profile, topic);
    }
    std::string query{profile.subscribe};
    replace_all(query, "{topics}", streams);
    planned.url.target += query;
    return planned;
  }
  if (!profile.opening.empty()) planned.opening.emplace_back(profile.opening);
  constexpr std::size_t kFirstId = 100;  // below are those of the opening and of answers
  for (std::size_t id = kFirstId; !topics.empty(); ++id) {
    const std::size_t count = batch_of(profile, topics);
    planned.opening.push_back(message(profile, topics.first(count), id));
    topics = topics.subspan(count);
  }
  return planned;
}

/// Topics by where they are served, channel by channel.
std::vector<Group> groups_of(const VenueProfile& profile, const Wanted& wanted,
                             const std::vector<std::string>& channels) {
  std::vector<Group> groups;
  for (const std::string& channel : channels) {
    Url url = wanted.url ? *wanted.url : *parse_url(profile.url);
    for (const Route& route : profile.routes) {
      if (!wanted.url && channel.starts_with(route.channel)) url.target = route.target;
    }
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const Group& known) { return known.url == url; });
    if (group == groups.end()) group = groups.insert(groups.end(), Group{url, {}});
    for (const std::string& symbol : wanted.symbols) {
      group->topics.push_back({channel, profile.lower_case_symbols ? lower(symbol) : symbol});
    }
  }
  return groups;
}

void remove_repeated(std::vector<std::string>& texts) {
  std::vector<std::string> kept;
  for (std::string& text : texts) {
    if (std::find(kept.begin(), kept.end(), text) == kept.end()) kept.push_back(std::move(text));
  }
  texts = std::move(kept);
}

std::string find_mistake(const Wanted& wanted, const std::vector<std::string>& channels) {
  if (wanted.symbols.empty()) return "no symbol";
  for (const std::string& symbol : wanted.symbols) {
    if (!is_safe(symbol)) return "'" + symbol + "' is no symbol";
  }
  for (const std::string& channel : channels) {
    if (!is_safe(channel)) return "'" + channel + "' is no channel";
  }
  return {};
}

}  // namespace

Planned plan_connections(const VenueProfile& profile, const Wanted& wanted) {
  Wanted once = wanted;
  std::vector<std::string> channels =
      wanted.channels.empty() ? split(profile.default_channels) : wanted.channels;
  remove_repeated(once.symbols);
  remove_repeated(channels);
  Planned planned;
  planned.error = find_mistake(once, channels);
  if (!planned.error.empty()) return planned;
  for (const Group& group : groups_of(profile, once, channels)) {
    std::span<const Topic> topics{group.topics};
    while (!topics.empty()) {
      const std::size_t count = std::min(profile.topics_max, topics.size());
      planned.plans.push_back(plan(profile, group.url, topics.first(count)));
      topics = topics.subspan(count);
    }
  }
  return planned;
}

}  // namespace plimsoll::feeds::live
