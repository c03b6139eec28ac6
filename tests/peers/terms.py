"""Terms of SPARQL's JSON results."""

import pyoxigraph as ox


def term(value):
    match value["type"]:
        case "uri":
            return ox.NamedNode(value["value"])
        case "bnode":
            return ox.BlankNode(value["value"])
        case "triple":
            return ox.Triple(*(term(value["value"][part]) for part in ("subject", "predicate", "object")))
        case _ if "its:dir" in value:
            direction = ox.BaseDirection(value["its:dir"])
            return ox.Literal(value["value"], language=value["xml:lang"], direction=direction)
        case _ if "xml:lang" in value:
            return ox.Literal(value["value"], language=value["xml:lang"])
        case _ if "datatype" in value:
            return ox.Literal(value["value"], datatype=ox.NamedNode(value["datatype"]))
    return ox.Literal(value["value"])
