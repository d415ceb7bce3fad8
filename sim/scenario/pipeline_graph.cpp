#include "sim/scenario/pipeline_graph.hpp"

#include <algorithm>
#include <map>
#include <queue>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/depth_first_search.hpp>

namespace windtunnel {
namespace {

using StageGraph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;
using Vertex = boost::graph_traits<StageGraph>::vertex_descriptor;

// The first cycle that a search meets: the way from a stage to an edge back to it.
class CycleFinder : public boost::default_dfs_visitor {
 public:
  CycleFinder(std::vector<Vertex>& came_from, std::vector<Vertex>& cycle) : came_from_(came_from), cycle_(cycle) {}

  template <class Edge>
  void tree_edge(Edge e, const StageGraph& graph) {
    came_from_[target(e, graph)] = source(e, graph);
  }
  template <class Edge>
  void back_edge(Edge e, const StageGraph& graph) {
    if (!cycle_.empty()) return;
    const Vertex end = target(e, graph);
    for (Vertex v = source(e, graph); v != end; v = came_from_[v]) cycle_.push_back(v);
    cycle_.push_back(end);
    std::reverse(cycle_.begin(), cycle_.end());
    cycle_.push_back(end);
  }

 private:
  std::vector<Vertex>& came_from_;
  std::vector<Vertex>& cycle_;
};

std::vector<std::string> names_in_order(const std::vector<StageEdge>& edges) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const auto& [from, to] : edges) {
    add(from);
    add(to);
  }
  return names;
}

}  // namespace

StageOrder order_stages(const std::vector<StageEdge>& edges) {
  const std::vector<std::string> names = names_in_order(edges);
  std::map<std::string, Vertex> vertices;
  for (const auto& name : names) vertices.emplace(name, vertices.size());
  StageGraph graph(names.size());
  for (const auto& [from, to] : edges) add_edge(vertices.at(from), vertices.at(to), graph);
  StageOrder out;
  std::vector<Vertex> came_from(names.size()), cycle;
  boost::depth_first_search(graph, boost::visitor(CycleFinder(came_from, cycle)));
  for (const Vertex v : cycle) out.cycle.push_back(names[v]);
  if (!cycle.empty()) return out;
  // Kahn's order, the earliest named first: boost's topological_sort would reverse equals.
  std::vector<std::size_t> open(names.size());
  std::priority_queue<Vertex, std::vector<Vertex>, std::greater<>> free;
  for (Vertex v = 0; v < names.size(); ++v)
    if ((open[v] = in_degree(v, graph)) == 0) free.push(v);
  while (!free.empty()) {
    const Vertex v = free.top();
    free.pop();
    out.stages.push_back(names[v]);
    for (auto [edge, end] = out_edges(v, graph); edge != end; ++edge)
      if (--open[target(*edge, graph)] == 0) free.push(target(*edge, graph));
  }
  return out;
}

bool is_one_chain(const std::vector<StageEdge>& edges) {
  const std::vector<std::string> names = names_in_order(edges);
  if (edges.size() + 1 != names.size()) return false;
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    const auto outs = std::count_if(edges.begin(), edges.end(), [&](const auto& e) { return e.first == name; });
    const auto ins = std::count_if(edges.begin(), edges.end(), [&](const auto& e) { return e.second == name; });
    return outs <= 1 && ins <= 1;
  });
}

}  // namespace windtunnel
