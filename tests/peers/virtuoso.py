"""Starting Virtuoso: what its server has to be told."""

import configparser
import io

COMMON = {
    "Database": {
        "DatabaseFile": "virtuoso.db",
        "ErrorLogFile": "virtuoso.log",
        "LockFile": "virtuoso.lck",
        "TransactionFile": "virtuoso.trx",
        "xa_persistent_file": "virtuoso.pxa",
        "FileExtend": 200,
        "MaxCheckpointRemap": 2000,
        "TempStorage": "TempDatabase",
    },
    "TempDatabase": {"DatabaseFile": "temporary.db", "TransactionFile": "temporary.trx"},
    "Parameters": {
        "DisableUnixSocket": 1,
        "DirsAllowed": ".",
        "NumberOfBuffers": 10_000,
        "MaxDirtyBuffers": 6_000,
    },
    "HTTPServer": {"ServerThreads": 10},
    "SPARQL": {"ResultSetMaxRows": 100_000},
}


def command(program, folder, sql, http, **settings):
    """What starts a server in a folder, with its ports for SQL and for SPARQL, and more settings of some sections."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_dict(COMMON)
    parser.read_dict({
        "Parameters": {"ServerPort": f"127.0.0.1:{sql}"},
        "HTTPServer": {"ServerPort": f"127.0.0.1:{http}"},
    })
    parser.read_dict(settings)
    text = io.StringIO()
    parser.write(text)
    configuration = folder / "virtuoso.ini"
    configuration.write_text(text.getvalue())
    return [program, "+foreground", "+wait", "+configfile", configuration]
