"""Places for the nodes of a graph in layers, so that edges run one way and few of them cross.

The steps are those of Sugiyama, Tagawa and Toda (1981): layers by longest paths, a bend wherever an edge
passes a layer, and then every layer moves towards the mean heights of its neighbours.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import networkx as nx  # type: ignore[import-untyped]

SWEEPS = 24
BEND_ROOM = 0.55

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything goes: x counts layers from the left, y is upwards, one unit a node.

    Attributes:
        nodes: each node's place.
        routes: for each edge, the places that it runs through, both ends included.
    """

    nodes: dict[Hashable, Place]
    routes: list[list[Place]]


def layered_layout(graph: nx.MultiDiGraph, narrow: Sequence[Hashable] = ()) -> Layout:
    """Lay out `graph`, an acyclic one.

    Args:
        graph: the nodes and edges.
        narrow: nodes that need only half a node's height.
    """
    layer = _layers(graph)
    routes = [_route(edge, layer) for edge in graph.edges(keys=True)]
    chain = nx.Graph()
    chain.add_nodes_from(graph)
    for route in routes:
        nx.add_path(chain, route)
    columns: list[list[Hashable]] = [[] for _ in range(max(layer.values()) + 1)]
    for v in nx.dfs_preorder_nodes(chain, source=max(layer, key=layer.__getitem__)):
        columns[layer[v]].append(v)
    room = {v: 1.0 if v in graph and v not in narrow else BEND_ROOM for v in chain}
    height = {v: float(i) for column in columns for i, v in enumerate(column)}
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 else columns[::-1]:
            _settle(column, chain, height, room)
    place = {v: (float(layer[v]), -height[v]) for v in chain}
    return Layout({v: place[v] for v in graph}, [[place[v] for v in route] for route in routes])


def _layers(graph: nx.MultiDiGraph) -> dict[Hashable, int]:
    """Each node's layer: as far left of the last as its longest path to it."""
    behind: dict[Hashable, int] = {}
    for v in reversed(list(nx.topological_sort(graph))):
        behind[v] = max((behind[after] + 1 for after in graph.successors(v)), default=0)
    last = max(behind.values())
    return {v: last - steps for v, steps in behind.items()}


def _route(edge: tuple[Hashable, Hashable, int], layer: dict[Hashable, int]) -> list[Hashable]:
    """The edge's ends and its bends between them, one in each layer it passes; their layers are noted."""
    tail, head, which = edge
    bends = [("bend", tail, head, which, x) for x in range(layer[tail] + 1, layer[head])]
    layer.update((bend, bend[-1]) for bend in bends)
    return [tail, *bends, head]


def _settle(
    column: list[Hashable], chain: nx.Graph, height: dict[Hashable, float], room: dict[Hashable, float]
) -> None:
    """Move a layer's nodes to the mean of their neighbours, as near as the room between them allows."""
    wish = {v: sum(height[u] for u in chain[v]) / (len(chain[v]) or 1) for v in column}
    column.sort(key=wish.__getitem__)
    for i, v in enumerate(column):
        above = column[i - 1] if i else None
        height[v] = wish[v] if above is None else max(wish[v], height[above] + (room[above] + room[v]) / 2)
    shift = sum(height[v] - wish[v] for v in column) / len(column)
    for v in column:
        height[v] -= shift
