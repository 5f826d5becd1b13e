"""The command ``lc-tutorial``: open the course, run the sandbox for any client, end it."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lc_tutorial import __version__
from lc_tutorial.system import has_display, in_words, show_what_it_can

if TYPE_CHECKING:
    from lc_tutorial.errors import TutorialError

_FOLDER = "lc-tutorial-course"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: without the program's name; those of the process, if not given.

    Returns:
        The exit status: 0 for success.
    """
    show_what_it_can()
    parser = _parser()
    options, more = parser.parse_known_args(arguments)
    if more and options.run is not _singleuser:
        parser.error(f"unrecognized arguments: {' '.join(more)}")
    options.more = more
    try:
        status: int = options.run(options)
    except ModuleNotFoundError as problem:
        print(
            f"{problem.name} is missing from this Python ({sys.executable}). Install the course "
            "again in it, with pip or make tutorial: that brings what it needs.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as problem:
        # Only now: the way to a running sandbox is short, without what the notebooks use.
        from lc_tutorial.errors import TutorialError

        if not isinstance(problem, TutorialError):
            raise
        print(problem, file=sys.stderr)
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lc-tutorial",
        description=(
            "Learn by doing how an app gets access to the Text Platform (LiveChat). "
            "Without a command, it opens the course in JupyterLab."
        ),
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    _add_start_options(parser)
    parser.set_defaults(
        folder=Path(_FOLDER), notebook=False, no_browser=False, with_solutions=False
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    start = commands.add_parser("start", help="open the course in JupyterLab (the default)")
    _add_start_options(start)

    sandbox = commands.add_parser(
        "sandbox",
        help="run the sandbox by itself, for any client",
        description="Run the sandbox by itself, for any client, until Ctrl+C or lc-tutorial stop.",
    )
    sandbox.add_argument(
        "--port", type=_port, default=0, help="where to listen; 0, the default: a free port"
    )
    sandbox.add_argument(
        "--callback-port",
        type=_port,
        help=(
            "the port of the callback address that the Console suggests, or the next of ten that "
            "is free (default: what LC_TUTORIAL_CALLBACK_PORT says, else 8377)"
        ),
    )
    sandbox.add_argument(
        "--json", action="store_true", help="print one line of JSON when it is ready"
    )
    sandbox.add_argument(
        "--host",
        default="127.0.0.1",
        help=(
            "listen on another address than 127.0.0.1: whoever reaches that address can then use "
            "this sandbox, sign in to it and read all it holds"
        ),
    )
    sandbox.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help=(
            "a name that leads to this sandbox, beside localhost and what --host says; without it "
            "a request for that name is refused. Can be given several times"
        ),
    )
    sandbox.add_argument(
        "--tls-cert",
        type=Path,
        metavar="FILE",
        help=(
            "answer https, with this certificate (PEM; certificates that lead from it to its "
            "authority follow it in the file); needs --tls-key too"
        ),
    )
    sandbox.add_argument(
        "--tls-key", type=Path, metavar="FILE", help="the certificate's private key (PEM)"
    )
    sandbox.add_argument(
        "--class",
        action="store_true",
        dest="for_class",
        help=(
            "as a service of a JupyterHub: one sandbox for all of its learners, each with a world "
            "of their own in it, which nobody else reaches"
        ),
    )
    sandbox.add_argument("--record", type=Path, help=argparse.SUPPRESS)
    sandbox.add_argument("--parent-pid", type=int, help=argparse.SUPPRESS)
    sandbox.set_defaults(run=_sandbox)

    _add_board(commands)

    singleuser = commands.add_parser(
        "singleuser",
        help="for hubs: lay the course out, and be JupyterHub's server of one learner",
        description=(
            "What a JupyterHub starts for a learner in the place of jupyterhub-singleuser, which "
            "gets all other arguments: it lays the course into their home first."
        ),
    )
    singleuser.add_argument(
        "--folder",
        type=_folder,
        default=Path("~", _FOLDER),
        help=f"where the notebooks go (default: ~/{_FOLDER})",
    )
    singleuser.set_defaults(run=_singleuser)

    stop = commands.add_parser("stop", help="end the sandboxes that are running")
    stop.set_defaults(run=_stop)
    return parser


def _add_board(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    board = commands.add_parser(
        "board",
        help="for teachers: a page that shows the room as it is",
        description=(
            "For teachers: a page that shows who is at which step, and who is stuck, of the "
            "learners who join. It keeps all in memory, and ends with Ctrl+C."
        ),
    )
    board.add_argument(
        "--room",
        nargs="?",
        const="0.0.0.0",  # noqa: S104  (asked for, and warned of)
        default="127.0.0.1",
        metavar="ADDRESS",
        help=(
            "listen on the room's network, or on this address of it, and not on this machine only: "
            "names and progress travel unencrypted there, unless a certificate is given"
        ),
    )
    board.add_argument(
        "--port", type=_port, default=0, help="where to listen; 0, the default: a free port"
    )
    board.add_argument(
        "--learners", type=_learners, default=100, metavar="N", help="how many may join; 100"
    )
    board.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name that leads to this board, beside its addresses. Can be given several times",
    )
    board.add_argument(
        "--tls-cert", type=Path, metavar="FILE", help="answer https, with this certificate (PEM)"
    )
    board.add_argument(
        "--tls-key", type=Path, metavar="FILE", help="the certificate's private key (PEM)"
    )
    board.add_argument(
        "--json", action="store_true", help="print one line of JSON when it is ready"
    )
    board.add_argument(
        "--hub",
        action="store_true",
        help="run as a managed service of a JupyterHub, which says where, and who people are",
    )
    board.set_defaults(run=_board)


def _add_start_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--folder",
        type=_folder,
        # The main parser has it: another one here would undo `lc-tutorial --folder x start`.
        default=argparse.SUPPRESS,
        help=f"where your copies of the notebooks go (default: {_FOLDER})",
    )
    parser.add_argument(
        "--notebook",
        action="store_true",
        default=argparse.SUPPRESS,
        help="open Jupyter Notebook 7 instead, where it is installed",
    )
    parser.add_argument(
        "--no-browser",
        action="store_true",
        default=argparse.SUPPRESS,
        help="print the address instead of opening a browser",
    )
    parser.add_argument(
        "--with-solutions",
        action="store_true",
        default=argparse.SUPPRESS,
        help="for teachers: lay the solutions of the exercises beside the notebooks",
    )
    parser.set_defaults(run=_start)


def _start(options: argparse.Namespace) -> int:
    from lc_tutorial import course

    program = course.notebook_seven() if options.notebook else course.jupyterlab()
    try:
        laid_out = course.lay_out(options.folder, with_solutions=options.with_solutions)
    except OSError as problem:
        raise _not_copied(options.folder, problem) from problem
    print(f"Your notebooks are in {options.folder}.")
    if options.with_solutions:
        print("The solutions are beside them: the files that end with .solutions.md.")
    if laid_out.renewed:
        print(f"Brought up to date: {', '.join(laid_out.renewed)}.")
    for beside in laid_out.beside:
        print(beside)
    program.open_course(options.folder, browser=not options.no_browser and has_display())
    return 0


def _not_copied(folder: Path, problem: OSError) -> "TutorialError":
    from lc_tutorial.errors import TutorialError

    why = f"The system says: {in_words(problem)}."
    for path in (folder, *folder.parents):
        if path.exists() and not path.is_dir():
            why = f"{path} is a file, and no folder."
    return TutorialError(
        what=f"The notebooks could not be copied to {folder}.",
        why=why,
        remedy="Choose another place with --folder.",
    )


def _sandbox(options: argparse.Namespace) -> int:
    # The way to a running sandbox is short, so that `connect` is: nothing of the notebook's side.
    from lc_tutorial.sandbox import server

    if options.for_class:
        if options.tls_cert or options.tls_key or options.allow_host:
            print(
                "With --class go --host, --port and --json alone: what is before the hub has the "
                "certificate, and a learner's world answers to every name.",
                file=sys.stderr,
            )
            return 2
        return server.run_class(options.host, options.port, json_line=options.json)
    record, its_callback_port = options.record, options.callback_port
    if record is None:
        from lc_tutorial.platforms import record_path_for_this_process

        record = record_path_for_this_process()
    if its_callback_port is None:
        from lc_tutorial.platforms import callback_port

        its_callback_port = callback_port()
    return server.run(
        host=options.host,
        port=options.port,
        json_line=options.json,
        record=record,
        callback_port=its_callback_port,
        parent_pid=options.parent_pid,
        tls_cert=options.tls_cert,
        tls_key=options.tls_key,
        allow_hosts=options.allow_host,
    )


def _board(options: argparse.Namespace) -> int:
    from lc_tutorial import classroom
    from lc_tutorial.board import server

    return server.run(
        classroom.course(),
        server.Options(
            host=options.room,
            port=options.port,
            allow_hosts=options.allow_host,
            tls_cert=options.tls_cert,
            tls_key=options.tls_key,
            most=options.learners,
            json_line=options.json,
            of_hub=options.hub,
        ),
    )


def _singleuser(options: argparse.Namespace) -> int:
    from lc_tutorial import course

    course.become_server_of_a_hub(options.folder, options.more)


def _stop(_: argparse.Namespace) -> int:
    from lc_tutorial.platforms import launch

    stopped = launch.stop_all()
    print(
        {0: "No sandbox is running.", 1: "The sandbox has ended."}.get(
            stopped, f"{stopped} sandboxes have ended."
        )
    )
    return 0


def _folder(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError("this names no folder")
    return Path(text)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _learners(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError("how many learners is a number from 1 to 1000")
    return int(text)
