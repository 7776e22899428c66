"""A computation graph is laid out from left to right without overlaps, and drawn with what its boxes say."""

from __future__ import annotations

import itertools
import random
import xml.etree.ElementTree as ET

import networkx as nx
import pytest

from autograder.pictures.drawing import Box, write_drawing
from autograder.pictures.layout import BEND_ROOM, layered_layout

SEEDS = range(10)


def random_graph(seed: int, operations: int = 12) -> nx.MultiDiGraph:
    """Two leaves, and operations on any two numbers before them, constants among these."""
    draw = random.Random(seed)  # noqa: S311  (a sample, no secret)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from([0, 1], box=Box("leaf", 1.0))
    for v in range(2, 2 + operations):
        graph.add_node(v, box=Box(f"v = {v}", 0.5, "+", is_result=v == 1 + operations))
        graph.add_edge(draw.randrange(v), v)
        if draw.random() < 0.3:
            graph.add_node(("constant", v), box=Box("2", is_constant=True))
            graph.add_edge(("constant", v), v)
        else:
            graph.add_edge(draw.randrange(v), v)
    return graph


@pytest.mark.parametrize("seed", SEEDS)
def test_edges_lead_to_the_right_through_every_layer_they_pass(seed):
    graph = random_graph(seed)
    layout = layered_layout(graph)
    for (tail, head), route in zip(graph.edges(), layout.routes, strict=True):
        assert (route[0], route[-1]) == (layout.nodes[tail], layout.nodes[head])
        assert [x_1 - x_0 for (x_0, _), (x_1, _) in itertools.pairwise(route)] == [1.0] * (len(route) - 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_two_boxes_overlap(seed):
    graph = random_graph(seed)
    narrow = {v for v, box in graph.nodes(data="box") if box.is_constant}
    layout = layered_layout(graph, narrow=list(narrow))
    for (v, (x_0, y_0)), (w, (x_1, y_1)) in itertools.combinations(layout.nodes.items(), 2):
        room = (2 - (1 - BEND_ROOM) * ((v in narrow) + (w in narrow))) / 2
        assert x_0 != x_1 or abs(y_0 - y_1) >= room - 1e-9


def texts(path) -> str:
    """The comments of an SVG, in which matplotlib repeats each text that it draws as curves."""
    parser = ET.XMLParser(target=ET.TreeBuilder(insert_comments=True))  # noqa: S314  (our own file)
    return " ".join(c.text for c in ET.parse(path, parser).iter(ET.Comment))  # noqa: S314  (our own file)


def test_a_drawing_says_what_its_boxes_say(tmp_path):
    graph = random_graph(1)
    path = tmp_path / "graph.svg"
    write_drawing(graph, path, "a title", key="derivative of the result")
    shown = texts(path)
    assert all(f" {box.label} " in shown for _, box in graph.nodes(data="box"))
    assert all(f" {word} " in shown for word in ("0.5", "+", "a title", "derivative of the result"))


def test_no_key_to_derivatives_that_are_not_shown(tmp_path):
    graph = nx.MultiDiGraph()
    graph.add_node("x", box=Box("x = 3"))
    write_drawing(graph, tmp_path / "alone.svg")
    assert sorted(texts(tmp_path / "alone.svg").split()) == ["3", "=", "value", "x"]
